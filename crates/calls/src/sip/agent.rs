//! The user agent: calls and registrations over the transactions. No sockets and no clock: what comes in
//! and what time it is are given to it, what shall go out and what happened are taken from it.

use std::collections::{HashMap, HashSet, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use data_encoding::HEXLOWER;
use kernel::{Rng, Timestamp};

use super::address::{NameAddr, split_list};
use super::digest::{Challenge, Credentials, authorization};
use super::message::{Malformed, Message, Method, Start};
use super::registration::{RegisterState, Registering, Registration};
use super::sdp::{Agreed, Description, Local};
use super::session::{Ended, Fate, Repeated, Session, State};
use super::transaction::{ClientKey, GONE, Happened, Peer, ServerKey, Transactions, Transport};
use super::uri::Uri;
use super::via::{COOKIE, Via};

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

    pub(super) fn contact(&self, user: &str, transport: Transport) -> String {
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

    /// Calls somebody. Progress and outcome come as events.
    pub fn invite(&mut self, now: Timestamp, invitation: Invitation) -> LegId {
        self.last += 1;
        let leg = LegId(self.last);
        let mut from = invitation.from;
        from.params.set("tag", Some(&self.token(8)));
        let mut number = [0; 4];
        self.rng.fill(&mut number);
        let session = Session {
            state: State::Calling,
            call_id: format!("{}@{}", self.token(16), self.identity.udp.ip()),
            local: from,
            remote: NameAddr::new(invitation.to.clone()),
            contact_user: invitation.contact_user,
            target: invitation.to,
            routes: Vec::new(),
            cseq: u32::from_be_bytes(number) >> 12,
            remote_cseq: None,
            peer: invitation.peer,
            asserted: invitation.asserted,
            media: Some(invitation.media),
            description: (u64::from(u32::from_be_bytes(number)), 1),
            agreed: None,
            credentials: invitation.credentials,
            proofs: 0,
            invite: None,
            ringing: false,
            cancelling: None,
            cancelled: false,
            pending: None,
            repeated: None,
            offered: false,
            ack: None,
            deadline: Some(now.plus_micros(invitation.ring_for)),
        };
        self.sessions.insert(leg, session);
        self.send_invite(now, leg, None);
        leg
    }

    fn send_invite(&mut self, now: Timestamp, leg: LegId, challenge: Option<&Challenge>) {
        let via = self.via(self.sessions.get(&leg).map_or(Transport::Udp, |session| session.peer.transport));
        let cnonce = self.token(8);
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let mut request = session.request(Method::Invite, &self.identity);
        request.headers.push_front("Via", via);
        request.headers.push("Contact", session.contact(&self.identity));
        request.headers.push("Allow", ALLOW);
        if let Some(asserted) = &session.asserted {
            request.headers.push("P-Asserted-Identity", format_args!("<{asserted}>"));
        }
        if let (Some(challenge), Some(credentials)) = (challenge, &session.credentials) {
            prove(&mut request, challenge, credentials, &cnonce);
        }
        if let Some(media) = &session.media {
            request.headers.push("Content-Type", "application/sdp");
            request.body = media.offer(session.description);
        }
        let peer = session.peer;
        if let Some(key) = self.transactions.request(now, peer, request, &mut self.out) {
            session.invite = Some(key.clone());
            self.of_client.insert(key, Owner::Leg(leg));
        }
    }

    /// Says that it rings here.
    pub fn ring(&mut self, now: Timestamp, leg: LegId) {
        let Some(session) = self.sessions.get(&leg) else { return };
        let (State::Incoming, Some((key, invite))) = (session.state, &session.pending) else { return };
        let response = answer_to(invite, 180, session, &self.identity);
        let key = key.clone();
        self.transactions.respond(now, &key, &response, &mut self.out);
    }

    /// Answers a call that came in, with our side of the sound.
    pub fn accept(&mut self, now: Timestamp, leg: LegId, media: Local) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        if session.state != State::Incoming {
            return;
        }
        let Some((key, invite)) = session.pending.take() else { return };
        session.media = Some(media);
        let mut response = answer_to(&invite, 200, session, &self.identity);
        let Some(media) = &session.media else { return };
        response.headers.push("Content-Type", "application/sdp");
        if invite.body.is_empty() {
            session.offered = true;
            response.body = media.offer(session.description);
        } else {
            match Description::parse(&invite.body).and_then(|offer| media.answer(&offer, session.description)) {
                Some((body, agreed)) => {
                    response.body = body;
                    session.agreed = Some(agreed);
                }
                None => {
                    let refusal = answer_to(&invite, 488, session, &self.identity);
                    self.transactions.respond(now, &key, &refusal, &mut self.out);
                    self.end(leg, Ended { fate: Fate::NoMedia, status: Some(488) });
                    return;
                }
            }
        }
        session.state = State::Accepted;
        let cseq = invite.cseq().map_or(0, |(number, _)| number);
        session.repeated = Some(Repeated::new(response.octets(), cseq, now));
        self.transactions.respond(now, &key, &response, &mut self.out);
    }

    /// Refuses a call that came in.
    pub fn reject(&mut self, now: Timestamp, leg: LegId, status: u16) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let Some((key, invite)) = session.pending.take().filter(|_| session.state == State::Incoming) else { return };
        let response = answer_to(&invite, status, session, &self.identity);
        self.transactions.respond(now, &key, &response, &mut self.out);
        self.end(leg, Ended { fate: Fate::HungUp, status: Some(status) });
    }

    /// Ends a call, whatever its state.
    pub fn hang_up(&mut self, now: Timestamp, leg: LegId) {
        self.hang_up_for(now, leg, Fate::HungUp);
    }

    fn hang_up_for(&mut self, now: Timestamp, leg: LegId, fate: Fate) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        match session.state {
            State::Calling => {
                session.cancelling.get_or_insert(fate);
                self.cancel(now, leg);
            }
            State::Incoming => self.reject(now, leg, 480),
            State::Accepted | State::Confirmed => {
                session.state = State::Ending;
                // Who was called says goodbye only to somebody who knows of the answer (section 15).
                let known = session.repeated.is_none();
                self.event(Event::Ended { leg, ended: Ended::new(fate) });
                if known {
                    self.bye(now, leg, None);
                }
            }
            State::Ending => {}
        }
    }

    /// Takes our INVITE back, as soon as something came back (section 9.1).
    fn cancel(&mut self, now: Timestamp, leg: LegId) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        session.deadline = Some(now.plus_micros(GONE));
        if !session.ringing || session.cancelled {
            return;
        }
        let Some((sent, to)) = session.invite.as_ref().and_then(|key| self.transactions.sent(key)) else { return };
        session.cancelled = true;
        let Some(uri) = sent.uri().cloned() else { return };
        let mut cancel = Message::request(Method::Cancel, uri);
        cancel.headers.copy(&sent.headers, "Via");
        cancel.headers.push("Max-Forwards", 70);
        for name in ["Route", "From", "To", "Call-ID"] {
            cancel.headers.copy(&sent.headers, name);
        }
        let number = sent.cseq().map_or(0, |(number, _)| number);
        cancel.headers.push("CSeq", format_args!("{number} CANCEL"));
        self.transactions.request(now, to, cancel, &mut self.out);
    }

    fn bye(&mut self, now: Timestamp, leg: LegId, challenge: Option<&Challenge>) {
        let cnonce = self.token(8);
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let mut request = session.request(Method::Bye, &self.identity);
        let hop = session.hop();
        if let (Some(challenge), Some(credentials)) = (challenge, &session.credentials) {
            prove(&mut request, challenge, credentials, &cnonce);
        }
        let via = self.via(hop.transport);
        request.headers.push_front("Via", via);
        if let Some(key) = self.transactions.request(now, hop, request, &mut self.out) {
            self.of_client.insert(key, Owner::Leg(leg));
        }
    }

    /// Registers under a name of the caller's, or takes another account under it.
    pub fn register(&mut self, now: Timestamp, name: u64, registration: Registration) {
        if self.registrations.get(&name).is_some_and(|one| one.of == registration && !one.leaving) {
            return;
        }
        let made = Registering::new(registration, self.token(16), self.token(8));
        self.registrations.insert(name, made);
        self.send_register(now, name, None);
    }

    /// Takes a registration back.
    pub fn unregister(&mut self, now: Timestamp, name: u64) {
        let Some(one) = self.registrations.get_mut(&name) else { return };
        one.leaving = true;
        self.send_register(now, name, None);
    }

    fn send_register(&mut self, now: Timestamp, name: u64, challenge: Option<&Challenge>) {
        let cnonce = self.token(8);
        let Some(peer) = self.registrations.get(&name).map(|one| one.of.peer) else { return };
        let via = self.via(peer.transport);
        let Some(one) = self.registrations.get_mut(&name) else { return };
        let mut request = one.request(&self.identity);
        if let Some(challenge) = challenge {
            prove(&mut request, challenge, &one.of.credentials, &cnonce);
        }
        request.headers.push_front("Via", via);
        one.at = None;
        one.key = self.transactions.request(now, peer, request, &mut self.out);
        if let Some(key) = &one.key {
            self.of_client.insert(key.clone(), Owner::Registration(name));
        }
    }

    /// Takes octets of a datagram.
    pub fn datagram(&mut self, now: Timestamp, from: SocketAddr, octets: &[u8]) {
        let peer = Peer { transport: Transport::Udp, at: from };
        match super::message::parse(octets) {
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

    /// A response to an INVITE or BYE of ours.
    fn answered(&mut self, now: Timestamp, leg: LegId, key: &ClientKey, response: &Message) {
        let status = response.status().unwrap_or(500);
        let Some(session) = self.sessions.get_mut(&leg) else {
            self.of_client.remove(key);
            return;
        };
        if key.1 == "BYE" {
            if status < 200 {
                return;
            }
            self.of_client.remove(key);
            let challenge = Challenge::of(response).filter(|_| session.credentials.is_some());
            match challenge.filter(|_| session.proofs <= MOST_PROOFS) {
                Some(challenge) => {
                    session.proofs += 1;
                    self.bye(now, leg, Some(&challenge));
                }
                None => self.end(leg, Ended::new(Fate::HungUp)),
            }
            return;
        }
        match status {
            100 => {
                session.ringing = true;
                if session.cancelling.is_some() {
                    self.cancel(now, leg);
                }
            }
            ..200 => {
                session.ringing = true;
                if session.cancelling.is_some() {
                    self.cancel(now, leg);
                    return;
                }
                let early = Description::parse(&response.body)
                    .and_then(|answer| session.media.as_ref().and_then(|media| media.agree(&answer)));
                self.event(Event::Progress { leg, status, early });
            }
            ..300 => self.accepted(now, leg, response),
            _ => {
                self.of_client.remove(key);
                if session.invite.as_ref() != Some(key) || session.state != State::Calling {
                    return;
                }
                let known = session.credentials.is_some() && session.cancelling.is_none();
                if let Some(challenge) = Challenge::of(response).filter(|_| known) {
                    session.proofs += 1;
                    if session.proofs == 1 || (challenge.stale && session.proofs <= MOST_PROOFS) {
                        self.send_invite(now, leg, Some(&challenge));
                        return;
                    }
                }
                let ended = match session.cancelling {
                    Some(fate) => Ended { fate, status: Some(status) },
                    None => Ended::refused(status),
                };
                self.end(leg, ended);
            }
        }
    }

    /// Our INVITE was accepted, perhaps again, perhaps by several.
    fn accepted(&mut self, now: Timestamp, leg: LegId, response: &Message) {
        let Ok(number) = response.cseq().map(|(number, _)| number) else { return };
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let tag = response.to().ok().and_then(|to| to.tag().map(str::to_owned));
        if session.state != State::Calling {
            if session.remote.tag() == tag.as_deref() {
                if let Some((to, octets)) = session.ack.clone() {
                    self.out.push_back(Output::Transmit { to, octets });
                }
                return;
            }
            self.refuse_fork(now, leg, response);
            return;
        }
        session.join(response);
        let ack = self.ack(leg, number);
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        session.ack = ack;
        session.state = State::Confirmed;
        session.deadline = None;
        if let Some(fate) = session.cancelling {
            self.hang_up_for(now, leg, fate);
            return;
        }
        let agreed = Description::parse(&response.body)
            .and_then(|answer| session.media.as_ref().and_then(|media| media.agree(&answer)));
        session.agreed = agreed;
        match agreed {
            Some(agreed) => self.event(Event::Answered { leg, agreed }),
            None => self.hang_up_for(now, leg, Fate::NoMedia),
        }
    }

    /// Sends the ACK to an accepting response; answers it, for when that is repeated.
    fn ack(&mut self, leg: LegId, number: u32) -> Option<(Peer, Vec<u8>)> {
        let session = self.sessions.get(&leg)?;
        let hop = session.hop();
        let mut ack = session.numbered(Method::Ack, number, &self.identity);
        ack.headers.push_front("Via", self.via(hop.transport));
        let octets = ack.octets();
        self.out.push_back(Output::Transmit { to: hop, octets: octets.clone() });
        Some((hop, octets))
    }

    /// Somebody else answered the same call: they get their ACK and a goodbye (section 13.2.2.4).
    fn refuse_fork(&mut self, now: Timestamp, leg: LegId, response: &Message) {
        let Some(session) = self.sessions.get(&leg) else { return };
        let mut fork = Session {
            state: State::Ending,
            call_id: session.call_id.clone(),
            local: session.local.clone(),
            remote: session.remote.clone(),
            contact_user: session.contact_user.clone(),
            target: session.target.clone(),
            routes: Vec::new(),
            cseq: session.cseq,
            remote_cseq: None,
            peer: session.peer,
            asserted: None,
            media: None,
            description: session.description,
            agreed: None,
            credentials: session.credentials.clone(),
            proofs: 0,
            invite: None,
            ringing: false,
            cancelling: None,
            cancelled: false,
            pending: None,
            repeated: None,
            offered: false,
            ack: None,
            deadline: None,
        };
        fork.join(response);
        let Ok((number, _)) = response.cseq() else { return };
        self.last += 1;
        let other = LegId(self.last);
        self.sessions.insert(other, fork);
        let ack = self.ack(other, number);
        if let Some(fork) = self.sessions.get_mut(&other) {
            fork.ack = ack;
        }
        self.bye(now, other, None);
    }

    fn acknowledged(&mut self, now: Timestamp, ack: &Message) {
        let (Ok(from), Ok(to), Ok((number, _))) = (ack.from(), ack.to(), ack.cseq()) else { return };
        let Some((leg, session)) = self
            .sessions
            .iter_mut()
            .find(|(_, session)| session.is(ack.call_id(), to.tag(), from.tag()))
            .map(|(leg, session)| (*leg, session))
        else {
            return;
        };
        if session.repeated.as_ref().is_none_or(|repeated| repeated.cseq != number) {
            return;
        }
        session.repeated = None;
        if std::mem::take(&mut session.offered) {
            session.agreed = Description::parse(&ack.body)
                .and_then(|answer| session.media.as_ref().and_then(|media| media.agree(&answer)));
        }
        if session.state == State::Ending {
            self.bye(now, leg, None);
            return;
        }
        let first = session.state == State::Accepted;
        if first {
            session.state = State::Confirmed;
        }
        match session.agreed {
            Some(agreed) if first => self.event(Event::Answered { leg, agreed }),
            Some(agreed) => self.event(Event::Media { leg, agreed }),
            None => self.hang_up_for(now, leg, Fate::NoMedia),
        }
    }

    fn request(&mut self, now: Timestamp, key: ServerKey, message: Message, from: Peer) {
        let refuse = |agent: &mut Self, status: u16| {
            let mut response = Message::response(&message, status);
            let tag = agent.token(8);
            tagged(&mut response, &tag);
            if status == 405 || status == 200 {
                response.headers.push("Allow", ALLOW);
            }
            if status == 200 {
                response.headers.push("Accept", "application/sdp");
            }
            agent.transactions.respond(now, &key, &response, &mut agent.out);
        };
        let required: Vec<&str> = message.headers.all("Require").flat_map(split_list).collect();
        if !required.is_empty() {
            let mut response = Message::response(&message, 420);
            response.headers.push("Unsupported", required.join(", "));
            self.transactions.respond(now, &key, &response, &mut self.out);
            return;
        }
        let (Ok(caller), Ok(called)) = (message.from(), message.to()) else { return };
        if called.tag().is_some() {
            let found = self.sessions.iter().find(|(_, one)| one.is(message.call_id(), called.tag(), caller.tag()));
            match found.map(|(leg, _)| *leg) {
                Some(leg) => self.within(now, leg, key, message),
                None => refuse(self, 481),
            }
            return;
        }
        match message.method() {
            Some(Method::Options) => refuse(self, 200),
            Some(Method::Invite) => {
                let sound = message.headers.get("Content-Type").is_none_or(is_sdp) || message.body.is_empty();
                let readable = message.body.is_empty() || Description::parse(&message.body).is_some();
                if message.contact().is_none() {
                    refuse(self, 400);
                } else if !sound {
                    refuse(self, 415);
                } else if !readable {
                    refuse(self, 488);
                } else if self.sessions.len() >= MOST_SESSIONS {
                    refuse(self, 503);
                } else {
                    self.incoming(key, message, from);
                }
            }
            Some(Method::Refer) => refuse(self, 603),
            _ => refuse(self, 405),
        }
    }

    fn incoming(&mut self, key: ServerKey, invite: Message, from: Peer) {
        let (Ok(remote), Ok(mut local), Ok((number, _))) = (invite.from(), invite.to(), invite.cseq()) else { return };
        let Some(contact) = invite.contact() else { return };
        self.last += 1;
        let leg = LegId(self.last);
        local.params.set("tag", Some(&self.token(8)));
        let contact_user = invite.uri().and_then(Uri::user).unwrap_or_else(|| "barid".to_owned());
        let session = Session {
            state: State::Incoming,
            call_id: invite.call_id().to_owned(),
            local,
            remote,
            contact_user,
            target: contact.uri,
            routes: invite.route("Record-Route"),
            cseq: 0,
            remote_cseq: Some(number),
            peer: from,
            asserted: None,
            media: None,
            description: (leg.0, 1),
            agreed: None,
            credentials: None,
            proofs: 0,
            invite: None,
            ringing: false,
            cancelling: None,
            cancelled: false,
            pending: Some((key.clone(), invite.clone())),
            repeated: None,
            offered: false,
            ack: None,
            deadline: None,
        };
        self.sessions.insert(leg, session);
        self.of_server.insert(key, leg);
        self.event(Event::Incoming { leg, invite: Box::new(invite), from });
    }

    /// A request within a call.
    fn within(&mut self, now: Timestamp, leg: LegId, key: ServerKey, message: Message) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let number = message.cseq().map_or(0, |(number, _)| number);
        if session.remote_cseq.is_some_and(|last| number <= last) {
            let response = Message::response(&message, 500);
            self.transactions.respond(now, &key, &response, &mut self.out);
            return;
        }
        session.remote_cseq = Some(number);
        let plain = |status| answer_to(&message, status, session, &self.identity);
        match message.method() {
            Some(Method::Bye) => {
                let response = plain(200);
                self.transactions.respond(now, &key, &response, &mut self.out);
                if let Some((key, invite)) = session.pending.take() {
                    let response = answer_to(&invite, 487, session, &self.identity);
                    self.transactions.respond(now, &key, &response, &mut self.out);
                }
                self.end(leg, Ended::new(Fate::TheyHungUp));
            }
            Some(Method::Invite) => self.changed(now, leg, key, message),
            Some(Method::Update) if !message.body.is_empty() => self.changed(now, leg, key, message),
            Some(Method::Info) => {
                let response = plain(200);
                self.transactions.respond(now, &key, &response, &mut self.out);
                if let Some(pressed) = relayed_key(&message) {
                    self.event(Event::Key { leg, key: pressed });
                }
            }
            Some(Method::Options | Method::Update) => {
                let response = plain(200);
                self.transactions.respond(now, &key, &response, &mut self.out);
            }
            // To be sent elsewhere by the other side would be a call at somebody's expense.
            Some(Method::Refer) => {
                let response = plain(603);
                self.transactions.respond(now, &key, &response, &mut self.out);
            }
            _ => {
                let mut response = plain(405);
                response.headers.set("Allow", ALLOW);
                self.transactions.respond(now, &key, &response, &mut self.out);
            }
        }
    }

    /// A re-INVITE or UPDATE: they hold, take up or move the sound.
    fn changed(&mut self, now: Timestamp, leg: LegId, key: ServerKey, message: Message) {
        let Some(session) = self.sessions.get_mut(&leg) else { return };
        let invite = message.method() == Some(&Method::Invite);
        let busy = session.state != State::Confirmed || session.repeated.is_some();
        let Some(media) = session.media.as_ref().filter(|_| !busy) else {
            let response = answer_to(&message, 491, session, &self.identity);
            self.transactions.respond(now, &key, &response, &mut self.out);
            return;
        };
        let description = (session.description.0, session.description.1 + 1);
        let (body, agreed) = if message.body.is_empty() {
            (Some(media.offer(description)), session.agreed)
        } else {
            match Description::parse(&message.body).and_then(|offer| media.answer(&offer, description)) {
                Some((body, agreed)) => (Some(body), Some(agreed)),
                None => (None, None),
            }
        };
        let Some(body) = body else {
            let response = answer_to(&message, 488, session, &self.identity);
            self.transactions.respond(now, &key, &response, &mut self.out);
            return;
        };
        session.description = description;
        session.offered = message.body.is_empty();
        session.agreed = agreed;
        if let Some(contact) = message.contact() {
            session.target = contact.uri;
        }
        let mut response = answer_to(&message, 200, session, &self.identity);
        response.headers.push("Content-Type", "application/sdp");
        response.body = body;
        if invite {
            let cseq = message.cseq().map_or(0, |(number, _)| number);
            session.repeated = Some(Repeated::new(response.octets(), cseq, now));
        }
        self.transactions.respond(now, &key, &response, &mut self.out);
        if let (Some(agreed), false) = (agreed, message.body.is_empty()) {
            self.event(Event::Media { leg, agreed });
        }
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
    if let Ok(mut to) = response.to() {
        if to.tag().is_none() && !tag.is_empty() {
            to.params.set("tag", Some(tag));
            response.headers.set("To", to);
        }
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
