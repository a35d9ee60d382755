//! One call: the dialog (RFC 3261 section 12) and where its INVITE stands.

use kernel::Timestamp;

use super::address::NameAddr;
use super::agent::Identity;
use super::digest::Credentials;
use super::message::{Message, Method};
use super::sdp::{Agreed, Local};
use super::transaction::{ClientKey, Peer, ServerKey, T1, T2, Transport};
use super::uri::Uri;

/// Why a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// We hung up.
    HungUp,
    /// The other side hung up.
    TheyHungUp,
    /// It was taken back before it was answered.
    Cancelled,
    /// Busy, or declined.
    Busy,
    /// It rang, and nobody came.
    NoAnswer,
    /// There is no such number, or the trunk did not want the call.
    Refused,
    /// The other side does not answer at all.
    Unreachable,
    /// Nothing in common about sound.
    NoMedia,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Why.
    pub fate: Fate,
    /// The final status that was said, when one was.
    pub status: Option<u16>,
}

impl Ended {
    pub(super) const fn new(fate: Fate) -> Self {
        Self { fate, status: None }
    }

    /// What a refusal means.
    pub(super) const fn refused(status: u16) -> Self {
        let fate = match status {
            486 | 600 | 603 => Fate::Busy,
            408 | 480 => Fate::NoAnswer,
            487 => Fate::Cancelled,
            488 | 606 => Fate::NoMedia,
            503 | 504 => Fate::Unreachable,
            _ => Fate::Refused,
        };
        Self { fate, status: Some(status) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// We called; not answered.
    Calling,
    /// They called; not answered by us.
    Incoming,
    /// They called; our answer is not confirmed yet.
    Accepted,
    /// Both sides know that it is answered.
    Confirmed,
    /// Told as ended; the last requests are under way.
    Ending,
}

/// An accepting response that is repeated until its ACK comes (section 13.3.1.4).
#[derive(Debug)]
pub(super) struct Repeated {
    pub(super) octets: Vec<u8>,
    pub(super) at: Timestamp,
    pub(super) pause: i64,
    pub(super) until: Timestamp,
    pub(super) cseq: u32,
}

impl Repeated {
    pub(super) fn again(&mut self, now: Timestamp) {
        self.pause = (self.pause * 2).min(T2);
        self.at = now.plus_micros(self.pause);
    }

    pub(super) fn new(octets: Vec<u8>, cseq: u32, now: Timestamp) -> Self {
        let until = now.plus_micros(super::transaction::GONE);
        Self { octets, at: now.plus_micros(T1), pause: T1, until, cseq }
    }
}

#[derive(Debug)]
pub(super) struct Session {
    pub(super) state: State,
    pub(super) call_id: String,
    pub(super) local: NameAddr,
    pub(super) remote: NameAddr,
    pub(super) contact_user: String,
    pub(super) target: Uri,
    pub(super) routes: Vec<NameAddr>,
    pub(super) cseq: u32,
    pub(super) remote_cseq: Option<u32>,
    pub(super) peer: Peer,
    pub(super) asserted: Option<Uri>,
    pub(super) media: Option<Local>,
    /// The name and version of our description.
    pub(super) description: (u64, u64),
    pub(super) agreed: Option<Agreed>,
    pub(super) credentials: Option<Credentials>,
    pub(super) proofs: u32,
    /// Our INVITE, while it is not answered.
    pub(super) invite: Option<ClientKey>,
    pub(super) ringing: bool,
    /// We want to take our INVITE back, and why.
    pub(super) cancelling: Option<Fate>,
    pub(super) cancelled: bool,
    /// Their INVITE, while we have not answered it.
    pub(super) pending: Option<(ServerKey, Message)>,
    /// Our answer, until they confirm it.
    pub(super) repeated: Option<Repeated>,
    /// Our offer stands in the answer; theirs comes with the ACK.
    pub(super) offered: bool,
    /// Our ACK, for when they repeat their answer.
    pub(super) ack: Option<(Peer, Vec<u8>)>,
    /// When patience ends: for an answer to our INVITE, then for one to our CANCEL.
    pub(super) deadline: Option<Timestamp>,
}

impl Session {
    /// Whether a message with these tags belongs here.
    pub(super) fn is(&self, call_id: &str, ours: Option<&str>, theirs: Option<&str>) -> bool {
        self.call_id == call_id && self.local.tag() == ours && self.remote.tag() == theirs
    }

    /// Whether the deadline or a repetition is due, and when the next is.
    pub(super) fn next(&self) -> Option<Timestamp> {
        [self.deadline, self.repeated.as_ref().map(|repeated| repeated.at.min(repeated.until))]
            .into_iter()
            .flatten()
            .min()
    }

    /// Where a request within the dialog goes.
    pub(super) fn hop(&self) -> Peer {
        let uri = self.routes.first().map_or(&self.target, |route| &route.uri);
        let Some(ip) = uri.ip() else { return self.peer };
        let transport = match uri.params().and_then(|params| params.get("transport")) {
            Some(name) if name.eq_ignore_ascii_case("tcp") => Transport::Tcp,
            Some(name) if name.eq_ignore_ascii_case("udp") => Transport::Udp,
            _ => self.peer.transport,
        };
        Peer { transport, at: (ip, uri.port().unwrap_or(5060)).into() }
    }

    /// A request within the dialog (section 12.2.1.1). Its Via is still missing.
    pub(super) fn request(&mut self, method: Method, identity: &Identity) -> Message {
        if method != Method::Ack {
            self.cseq += 1;
        }
        let cseq = self.cseq;
        self.numbered(method, cseq, identity)
    }

    pub(super) fn numbered(&self, method: Method, cseq: u32, identity: &Identity) -> Message {
        let mut routes: Vec<String> = self.routes.iter().map(ToString::to_string).collect();
        let loose = self.routes.first().is_none_or(|first| first.uri.params().is_some_and(|params| params.has("lr")));
        let uri = match self.routes.first() {
            Some(first) if !loose => {
                routes.remove(0);
                routes.push(format!("<{}>", self.target));
                first.uri.clone()
            }
            _ => self.target.clone(),
        };
        let number = format!("{cseq} {}", method.as_str());
        let mut request = Message::request(method, uri);
        request.headers.push("Max-Forwards", 70);
        for route in routes {
            request.headers.push("Route", route);
        }
        request.headers.push("From", &self.local);
        request.headers.push("To", &self.remote);
        request.headers.push("Call-ID", &self.call_id);
        request.headers.push("CSeq", number);
        request.headers.push("User-Agent", &identity.product);
        request
    }

    /// Our Contact.
    pub(super) fn contact(&self, identity: &Identity) -> String {
        identity.contact(&self.contact_user, self.peer.transport)
    }

    /// Learns the other side of the dialog from the response that made it.
    pub(super) fn join(&mut self, response: &Message) {
        if let Ok(to) = response.to() {
            self.remote = to;
        }
        if let Some(contact) = response.contact() {
            self.target = contact.uri;
        }
        self.routes = response.route("Record-Route");
        self.routes.reverse();
    }
}
