//! The user agent: calls and registrations over the transactions. No sockets and no clock: what comes in
//! and what time it is are given to it, what shall go out and what happened are taken from it.

mod answers;
mod requests;
mod wants;

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use kernel::{Rng, Timestamp};

use crate::sip::address::NameAddr;
use crate::sip::digest::{Challenge, Credentials, authorization};
use crate::sip::message::{Malformed, Message, Method, Start};
use crate::sip::registration::{RegisterState, Registering};
use crate::sip::sdp::{Agreed, Local};
use crate::sip::session::{Ended, Fate, Session, State};
use crate::sip::transaction::{ClientKey, Happened, Peer, ServerKey, Transactions, Transport};
use crate::sip::uri::Uri;
use crate::sip::via::{COOKIE, Via};

/// What we answer.
const ALLOW: &str = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE";
/// Most calls at the same time.
const MOST_SESSIONS: usize = 2000;
/// How often one request proves who we are before we give up.
const MOST_PROOFS: u32 = 2;

/// A call, on this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegId(pub u64);

/// How we present ourselves.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The address we say for datagrams.
    pub udp: SocketAddr,
    /// The address we say for streams.
    pub tcp: SocketAddr,
    /// Who we are, for User-Agent.
    pub product: String,
}

impl Identity {
    const fn address(&self, transport: Transport) -> SocketAddr {
        match transport {
            Transport::Udp => self.udp,
            Transport::Tcp => self.tcp,
        }
    }

    pub(in crate::sip) fn contact(&self, user: &str, transport: Transport) -> String {
        let at = self.address(transport);
        let host = if at.is_ipv4() { at.ip().to_string() } else { format!("[{}]", at.ip()) };
        let uri = Uri::sip(Some(user), &host, Some(at.port()));
        match transport {
            Transport::Udp => format!("<{uri}>"),
            Transport::Tcp => format!("<{uri};transport=tcp>"),
        }
    }
}

/// A call to be made.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Over which hop.
    pub peer: Peer,
    /// Whom to call.
    pub to: Uri,
    /// Who calls; its tag is made here.
    pub from: NameAddr,
    /// Who calls, as the trunk may check it (RFC 3325).
    pub asserted: Option<Uri>,
    /// The user of our Contact.
    pub contact_user: String,
    /// How we prove who we are.
    pub credentials: Option<Credentials>,
    /// Our side of the sound.
    pub media: Local,
    /// For how many microseconds it may ring.
    pub ring_for: i64,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// Somebody calls.
    Incoming {
        /// The call.
        leg: LegId,
        /// Their INVITE.
        invite: Box<Message>,
        /// Over which hop it came.
        from: Peer,
    },
    /// Ours rings, or is on its way.
    Progress {
        /// The call.
        leg: LegId,
        /// 101 to 199.
        status: u16,
        /// Where early sound goes, when some was agreed.
        early: Option<Agreed>,
    },
    /// Answered, and both sides know it.
    Answered {
        /// The call.
        leg: LegId,
        /// What is agreed about sound.
        agreed: Agreed,
    },
    /// Something else is agreed about sound now: held, taken up, moved.
    Media {
        /// The call.
        leg: LegId,
        /// What is agreed.
        agreed: Agreed,
    },
    /// A key, told by signalling (`application/dtmf-relay`).
    Key {
        /// The call.
        leg: LegId,
        /// `0`-`9`, `*`, `#`, `A`-`D`.
        key: char,
    },
    /// Over.
    Ended {
        /// The call.
        leg: LegId,
        /// How.
        ended: Ended,
    },
    /// A registration stands differently.
    Registered {
        /// Which, as it was named.
        name: u64,
        /// How.
        state: RegisterState,
    },
}

/// What the user agent wants.
#[derive(Debug)]
pub enum Output {
    /// Send octets.
    Transmit {
        /// Over which hop.
        to: Peer,
        /// The message.
        octets: Vec<u8>,
    },
    /// Take notice.
    Event(Event),
}

/// Calls and registrations of one process.
pub struct UserAgent {
    identity: Identity,
    rng: Arc<dyn Rng>,
    transactions: Transactions,
    sessions: HashMap<LegId, Session>,
    registrations: HashMap<u64, Registering>,
    of_client: HashMap<ClientKey, Owner>,
    of_server: HashMap<ServerKey, LegId>,
    allowed: HashSet<IpAddr>,
    out: VecDeque<Output>,
    last: u64,
}

#[derive(Debug, Clone, Copy)]
enum Owner {
    Leg(LegId),
    Registration(u64),
}

impl UserAgent {
    /// An agent with nothing under way.
    pub fn new(identity: Identity, rng: Arc<dyn Rng>) -> Self {
        Self {
            identity,
            rng,
            transactions: Transactions::default(),
            sessions: HashMap::new(),
            registrations: HashMap::new(),
            of_client: HashMap::new(),
            of_server: HashMap::new(),
            allowed: HashSet::new(),
            out: VecDeque::new(),
            last: 0,
        }
    }

    /// Who may send us requests. From everybody else nothing is even answered: whoever looks for telephone
    /// exchanges to misuse shall not find one.
    pub fn allow(&mut self, from: HashSet<IpAddr>) {
        self.allowed = from;
    }

    /// The next thing that is wanted.
    pub fn poll(&mut self) -> Option<Output> {
        self.out.pop_front()
    }

    /// When [`tick`](Self::tick) wants to be called.
    pub fn next(&self) -> Option<Timestamp> {
        let sessions = self.sessions.values().filter_map(Session::next);
        let registrations = self.registrations.values().filter_map(|one| one.at);
        sessions.chain(registrations).chain(self.transactions.next()).min()
    }

    /// How much is under way: calls, and requests of both sides.
    pub fn load(&self) -> (usize, usize) {
        (self.sessions.len(), self.transactions.len())
    }

    fn event(&mut self, event: Event) {
        self.out.push_back(Output::Event(event));
    }

    fn token(&self, octets: usize) -> String {
        let mut random = vec![0; octets];
        self.rng.fill(&mut random);
        HEXLOWER.encode(&random)
    }

    fn via(&self, transport: Transport) -> Via {
        let branch = format!("{COOKIE}{}", self.token(12));
        Via::ours(transport.as_str(), self.identity.address(transport), &branch)
    }

    /// Takes octets of a datagram.
    pub fn datagram(&mut self, now: Timestamp, from: SocketAddr, octets: &[u8]) {
        let peer = Peer { transport: Transport::Udp, at: from };
        match crate::sip::message::parse(octets) {
            Ok(message) => self.message(now, peer, message),
            Err(error) => tracing::debug!(%error, "a datagram is no SIP message"),
        }
    }

    /// Takes a message.
    pub fn message(&mut self, now: Timestamp, from: Peer, message: Message) {
        let known = message.method().is_none() || self.allowed.contains(&from.at.ip());
        if let Err(error) = message.check() {
            if known {
                self.refuse(from, &message, error);
            }
            return;
        }
        // The other end of a call may be elsewhere than its trunk; it knows two tags that nobody can guess.
        if !known && !self.is_within(&message) {
            return;
        }
        if let Some(happened) = self.transactions.receive(now, from, message, &mut self.out) {
            self.happened(now, happened);
        }
    }

    fn is_within(&self, message: &Message) -> bool {
        let (Ok(from), Ok(to)) = (message.from(), message.to()) else { return false };
        to.tag().is_some() && self.sessions.values().any(|one| one.is(message.call_id(), to.tag(), from.tag()))
    }

    /// Whether requests from this address are listened to.
    pub fn allows(&self, from: IpAddr) -> bool {
        self.allowed.contains(&from)
    }

    /// A request that cannot be used is told why, when it says where the answer goes.
    fn refuse(&mut self, from: Peer, message: &Message, error: Malformed) {
        let Start::Request { method, .. } = &message.start else { return };
        if *method == Method::Ack || message.via().is_err() {
            return;
        }
        let mut response = Message::response(message, 400);
        response.start = Start::Response { status: 400, reason: format!("Bad Request ({error})") };
        self.out.push_back(Output::Transmit { to: from, octets: response.octets() });
    }

    /// A stream ended, or could not be opened: what waits for answers over it fails at once.
    pub fn disconnected(&mut self, now: Timestamp, peer: Peer) {
        let lost: Vec<ClientKey> = self
            .of_client
            .keys()
            .filter(|key| self.transactions.sent(key).is_some_and(|(_, to)| to == peer))
            .cloned()
            .collect();
        for key in lost {
            self.happened(now, Happened::Timeout { key });
        }
    }

    /// Does what is due.
    pub fn tick(&mut self, now: Timestamp) {
        for happened in self.transactions.tick(now, &mut self.out) {
            self.happened(now, happened);
        }
        let due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        let registrations: Vec<u64> =
            self.registrations.iter().filter(|(_, one)| due(one.at)).map(|(name, _)| *name).collect();
        for name in registrations {
            self.send_register(now, name, None);
        }
        let legs: Vec<LegId> =
            self.sessions.iter().filter(|(_, session)| due(session.next())).map(|(leg, _)| *leg).collect();
        for leg in legs {
            self.tick_session(now, leg);
        }
    }

    fn tick_session(&mut self, now: Timestamp, leg: LegId) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        if let Some(repeated) = &mut session.repeated {
            if repeated.until <= now {
                session.repeated = None;
                if session.state == State::Ending {
                    self.bye(now, leg, None);
                } else {
                    self.hang_up_for(now, leg, Fate::Unreachable);
                }
                return;
            }
            if repeated.at <= now {
                repeated.again(now);
                let (to, octets) = (session.peer, repeated.octets.clone());
                self.out.push_back(Output::Transmit { to, octets });
            }
        }
        if session.deadline.is_some_and(|deadline| deadline <= now) {
            match session.cancelling {
                // It was taken back, and nobody said anything.
                Some(fate) => self.end(leg, Ended::new(fate)),
                None => self.hang_up_for(now, leg, Fate::NoAnswer),
            }
        }
    }

    fn end(&mut self, leg: LegId, ended: Ended) {
        let Some(session) = self.sessions.remove(&leg) else { return };
        self.of_server.retain(|_, of| *of != leg);
        self.of_client.retain(|_, owner| !matches!(owner, Owner::Leg(of) if *of == leg));
        if session.state != State::Ending {
            self.event(Event::Ended { leg, ended });
        }
    }

    fn happened(&mut self, now: Timestamp, happened: Happened) {
        match happened {
            Happened::Request { key, message, from } => self.request(now, key, message, from),
            Happened::Ack { message } => self.acknowledged(now, &message),
            Happened::Cancelled { key } => {
                let Some(leg) = self.of_server.get(&key).copied() else { return };
                let Some(session) = self.sessions.get_mut(&leg) else { return };
                let Some((key, invite)) = session.pending.take() else { return };
                let response = answer_to(&invite, 487, session, &self.identity);
                self.transactions.respond(now, &key, &response, &mut self.out);
                if session.state == State::Incoming {
                    self.end(leg, Ended { fate: Fate::Cancelled, status: Some(487) });
                }
            }
            Happened::Response { key, message } => match self.of_client.get(&key).copied() {
                Some(Owner::Leg(leg)) => self.answered(now, leg, &key, &message),
                Some(Owner::Registration(name)) => self.registered(now, name, &key, &message),
                None => {}
            },
            Happened::Timeout { key } => match self.of_client.remove(&key) {
                Some(Owner::Leg(leg)) => {
                    let fate = self.sessions.get(&leg).and_then(|session| session.cancelling);
                    self.end(leg, Ended::new(fate.unwrap_or(Fate::Unreachable)));
                }
                Some(Owner::Registration(name)) => {
                    let Some(one) = self.registrations.get_mut(&name) else { return };
                    one.unreachable(now);
                    self.tell(name);
                }
                None => {}
            },
        }
    }

    fn tell(&mut self, name: u64) {
        let Some(state) = self.registrations.get(&name).map(|one| one.state) else { return };
        if state == RegisterState::Gone {
            self.registrations.remove(&name);
        }
        self.event(Event::Registered { name, state });
    }

    fn registered(&mut self, now: Timestamp, name: u64, key: &ClientKey, response: &Message) {
        if response.status().is_none_or(|status| status < 200) {
            return;
        }
        self.of_client.remove(key);
        let Some(one) = self.registrations.get_mut(&name) else { return };
        if one.key.as_ref() != Some(key) {
            return;
        }
        if let Some(challenge) = Challenge::of(response).filter(|_| one.proofs < MOST_PROOFS) {
            one.proofs += 1;
            // A second refusal of a fresh nonce means that the secret is wrong.
            if one.proofs == 1 || challenge.stale {
                self.send_register(now, name, Some(&challenge));
                return;
            }
        }
        one.answered(now, response);
        self.tell(name);
    }
}

/// A response within a call: with our tag, our Contact, and the way back.
fn answer_to(request: &Message, status: u16, session: &Session, identity: &Identity) -> Message {
    let mut response = Message::response(request, status);
    tagged(&mut response, session.local.tag().unwrap_or_default());
    if status > 100 && status < 300 {
        response.headers.copy(&request.headers, "Record-Route");
        response.headers.push("Contact", session.contact(identity));
        response.headers.push("Allow", ALLOW);
    }
    response
}

/// Names our side in a response, unless it is named.
fn tagged(response: &mut Message, tag: &str) {
    if let Ok(mut to) = response.to()
        && to.tag().is_none()
        && !tag.is_empty()
    {
        to.params.set("tag", Some(tag));
        response.headers.set("To", to);
    }
}

fn prove(request: &mut Message, challenge: &Challenge, credentials: &Credentials, cnonce: &str) {
    let (Some(method), Some(uri)) = (request.method(), request.uri()) else { return };
    let about = (method.as_str(), uri.to_string());
    // Each challenge is answered once with its nonce, so the count is always 1.
    let value = authorization(challenge, credentials, (about.0, &about.1), (1, cnonce));
    request.headers.push(challenge.header(), value);
}

fn is_sdp(kind: &str) -> bool {
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/sdp")
}

/// `Signal=5` of an INFO.
fn relayed_key(message: &Message) -> Option<char> {
    let kind = message.headers.get("Content-Type")?.trim().to_ascii_lowercase();
    let text = std::str::from_utf8(&message.body).ok()?;
    let signal = match kind.as_str() {
        "application/dtmf-relay" => text
            .lines()
            .find_map(|line| line.trim().strip_prefix("Signal").map(|rest| rest.trim_start_matches(['=', ' '])))?,
        "application/dtmf" => text,
        _ => return None,
    };
    let key = signal.trim().chars().next()?.to_ascii_uppercase();
    (key.is_ascii_digit() || matches!(key, '*' | '#' | 'A'..='D')).then_some(key)
}
