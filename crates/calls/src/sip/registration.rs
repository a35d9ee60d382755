//! Saying to a trunk where we are (RFC 3261 section 10), and saying it again in time.

use kernel::Timestamp;

use super::agent::Identity;
use super::digest::Credentials;
use super::message::{Message, Method};
use super::transaction::{ClientKey, Peer};
use super::uri::Uri;

const SECOND: i64 = Timestamp::SECOND;

/// How a registration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegisterState {
    /// Not answered yet.
    Trying,
    /// The trunk knows where we are.
    Registered,
    /// It refused, with this status; tried again later.
    Refused(u16),
    /// It does not answer; tried again later.
    Unreachable,
    /// Taken back.
    Gone,
}

/// Where and as whom we register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The registrar.
    pub peer: Peer,
    /// Its name, as it stands in URIs.
    pub domain: String,
    /// Our account.
    pub credentials: Credentials,
    /// By what its calls to us are known: the user of our Contact.
    pub contact_user: String,
    /// For how many seconds.
    pub expires: u32,
}

#[derive(Debug)]
pub(super) struct Registering {
    pub(super) of: Registration,
    pub(super) state: RegisterState,
    call_id: String,
    tag: String,
    cseq: u32,
    expires: u32,
    failures: u32,
    pub(super) proofs: u32,
    pub(super) key: Option<ClientKey>,
    /// When to say it again.
    pub(super) at: Option<Timestamp>,
    pub(super) leaving: bool,
}

impl Registering {
    pub(super) fn new(of: Registration, call_id: String, tag: String) -> Self {
        Self {
            expires: of.expires.clamp(60, 86_400),
            of,
            state: RegisterState::Trying,
            call_id,
            tag,
            cseq: 0,
            failures: 0,
            proofs: 0,
            key: None,
            at: None,
            leaving: false,
        }
    }

    /// A REGISTER without Via and without proof.
    pub(super) fn request(&mut self, identity: &Identity) -> Message {
        self.cseq += 1;
        let mut request = Message::request(Method::Register, Uri::sip(None, &self.of.domain, None));
        let who = Uri::sip(Some(&self.of.credentials.user), &self.of.domain, None);
        request.headers.push("Max-Forwards", 70);
        request.headers.push("From", format_args!("<{who}>;tag={}", self.tag));
        request.headers.push("To", format_args!("<{who}>"));
        request.headers.push("Call-ID", &self.call_id);
        request.headers.push("CSeq", format_args!("{} REGISTER", self.cseq));
        request.headers.push("Contact", identity.contact(&self.of.contact_user, self.of.peer.transport));
        request.headers.push("Expires", if self.leaving { 0 } else { self.expires });
        request.headers.push("User-Agent", &identity.product);
        request
    }

    /// What a final answer that asks for no proof means; the state as it is now.
    pub(super) fn answered(&mut self, now: Timestamp, response: &Message) {
        self.key = None;
        self.proofs = 0;
        let status = response.status().unwrap_or(500);
        if self.leaving {
            self.state = RegisterState::Gone;
            self.at = None;
            return;
        }
        if status == 423 {
            // The trunk wants a longer time: as it says, within reason.
            let least = response.headers.get("Min-Expires").and_then(|text| text.trim().parse::<u32>().ok());
            self.expires = least.unwrap_or(3600).clamp(60, 86_400);
            self.failures += 1;
            self.at = Some(if self.failures > 2 { now.plus_micros(30 * SECOND) } else { now });
            return;
        }
        if (200..300).contains(&status) {
            self.failures = 0;
            self.state = RegisterState::Registered;
            let granted = i64::from(self.granted(response));
            // Well before the end: early by a tenth, at least by five seconds.
            let early = (granted / 10).max(5);
            self.at = Some(now.plus_seconds((granted - early).max(5)));
            return;
        }
        self.state = RegisterState::Refused(status);
        self.later(now);
    }

    pub(super) fn unreachable(&mut self, now: Timestamp) {
        self.key = None;
        self.proofs = 0;
        self.state = if self.leaving { RegisterState::Gone } else { RegisterState::Unreachable };
        self.later(now);
    }

    fn later(&mut self, now: Timestamp) {
        self.failures += 1;
        let wait = (15i64 << self.failures.min(6)).min(600);
        self.at = (!self.leaving).then(|| now.plus_seconds(wait));
    }

    /// What the trunk granted: the time at our Contact, or the header field's, or what we asked for.
    fn granted(&self, response: &Message) -> u32 {
        let contacts = response.headers.all("Contact").flat_map(super::address::split_list);
        let ours = contacts
            .filter_map(|one| one.parse::<super::address::NameAddr>().ok())
            .find(|one| one.uri.user().as_deref() == Some(self.of.contact_user.as_str()));
        let at_contact = ours.and_then(|one| one.params.get("expires")?.trim().parse().ok());
        let header = || response.headers.get("Expires").and_then(|text| text.trim().parse().ok());
        at_contact.or_else(header).unwrap_or(self.expires).clamp(10, 86_400)
    }
}
