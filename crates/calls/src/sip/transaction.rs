//! Transactions (RFC 3261 section 17, with the accepted state of RFC 6026): requests reach the other side
//! once although datagrams are lost or come twice.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;

use kernel::Timestamp;

use super::agent::Output;
use super::message::{Message, Method, Start};
use super::via::Via;

const MILLI: i64 = 1000;
/// An estimate of the round trip, in microseconds.
pub(super) const T1: i64 = 500 * MILLI;
/// The longest pause between repetitions of requests that are no INVITE, and of responses to INVITE.
pub(super) const T2: i64 = 4000 * MILLI;
/// How long a message may live in the network.
const T4: i64 = 5000 * MILLI;
/// When the other side counts as gone.
pub(super) const GONE: i64 = 64 * T1;
/// How long a caller waits for a final response after a provisional one. The layer above ends it earlier.
const PATIENCE: i64 = 600 * 1000 * MILLI;
/// Most requests of others that are being answered.
const MOST_SERVERS: usize = 20_000;

/// How octets travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Datagrams: what is lost is repeated here.
    Udp,
    /// A stream.
    Tcp,
}

impl Transport {
    /// As Via says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Udp => "UDP",
            Self::Tcp => "TCP",
        }
    }

    const fn is_reliable(self) -> bool {
        matches!(self, Self::Tcp)
    }
}

/// The other end of a hop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer {
    /// How.
    pub transport: Transport,
    /// Where.
    pub at: SocketAddr,
}

/// The name of a request we sent: branch and method.
pub(super) type ClientKey = (String, String);
/// The name of a request somebody sent us.
pub(super) type ServerKey = String;

/// What the layer above learns.
#[derive(Debug)]
pub(super) enum Happened {
    /// A request that was not seen before.
    Request { key: ServerKey, message: Message, from: Peer },
    /// The ACK to a response with which a call was accepted; it is no transaction of its own.
    Ack { message: Message },
    /// An INVITE that is not answered yet was taken back. The CANCEL is answered already.
    Cancelled { key: ServerKey },
    /// A response.
    Response { key: ClientKey, message: Message },
    /// No response came.
    Timeout { key: ClientKey },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClientState {
    /// Nothing came back.
    Calling,
    /// A provisional response came.
    Proceeding,
    /// Refused; the ACK is repeated when the refusal is.
    Completed,
    /// Accepted; repetitions go up, since the layer above sends the ACK.
    Accepted,
}

#[derive(Debug)]
struct Client {
    request: Message,
    octets: Vec<u8>,
    to: Peer,
    state: ClientState,
    invite: bool,
    ack: Option<Vec<u8>>,
    repeat: Option<(Timestamp, i64)>,
    end: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ServerState {
    /// Not answered for good.
    Proceeding,
    /// Answered; the answer is repeated when the request is (and, for a refused INVITE, until the ACK).
    Completed,
    /// A refused INVITE whose ACK came: further ones are swallowed.
    Confirmed,
    /// An accepted INVITE: repetitions are swallowed, since the layer above repeats the answer.
    Accepted,
}

#[derive(Debug)]
struct Server {
    from: Peer,
    state: ServerState,
    invite: bool,
    last: Option<Vec<u8>>,
    repeat: Option<(Timestamp, i64)>,
    end: Option<Timestamp>,
}

/// Every transaction of a user agent.
#[derive(Debug, Default)]
pub(super) struct Transactions {
    clients: HashMap<ClientKey, Client>,
    servers: HashMap<ServerKey, Server>,
    /// Nothing happens before this instant.
    next: Option<Timestamp>,
}

impl Transactions {
    /// When [`tick`](Self::tick) wants to be called.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.next
    }

    fn at(&mut self, when: Timestamp) {
        self.next = Some(self.next.map_or(when, |next| next.min(when)));
    }

    /// Sends a request, whose topmost Via is ours.
    pub(super) fn request(
        &mut self,
        now: Timestamp,
        to: Peer,
        request: Message,
        out: &mut VecDeque<Output>,
    ) -> Option<ClientKey> {
        let method = request.method()?.clone();
        let key = (request.via().ok()?.branch()?.to_owned(), method.as_str().to_owned());
        let octets = request.octets();
        out.push_back(Output::Transmit { to, octets: octets.clone() });
        let reliable = to.transport.is_reliable();
        let repeat = (!reliable).then(|| (now.plus_micros(T1), T1));
        let end = now.plus_micros(GONE);
        self.at(repeat.map_or(end, |(at, _)| at));
        let state = ClientState::Calling;
        let invite = method == Method::Invite;
        self.clients.insert(key.clone(), Client { request, octets, to, state, invite, ack: None, repeat, end });
        Some(key)
    }

    /// The request of a transaction that is not over.
    pub(super) fn sent(&self, key: &ClientKey) -> Option<(&Message, Peer)> {
        self.clients.get(key).map(|client| (&client.request, client.to))
    }

    /// Answers a request.
    pub(super) fn respond(&mut self, now: Timestamp, key: &str, response: &Message, out: &mut VecDeque<Output>) {
        let Some(server) = self.servers.get_mut(key) else { return };
        let (Some(status), ServerState::Proceeding) = (response.status(), server.state) else { return };
        let octets = response.octets();
        out.push_back(Output::Transmit { to: server.from, octets: octets.clone() });
        server.last = Some(octets);
        if status < 200 {
            return;
        }
        let reliable = server.from.transport.is_reliable();
        let end = match (server.invite, status) {
            (true, ..300) => {
                server.state = ServerState::Accepted;
                now.plus_micros(GONE)
            }
            (true, _) => {
                server.state = ServerState::Completed;
                server.repeat = (!reliable).then(|| (now.plus_micros(T1), T1));
                now.plus_micros(GONE)
            }
            (false, _) => {
                server.state = ServerState::Completed;
                if reliable { now } else { now.plus_micros(GONE) }
            }
        };
        server.end = Some(end);
        let soonest = server.repeat.map_or(end, |(at, _)| at);
        self.at(soonest);
    }

    /// Takes a message that passed [`Message::check`].
    pub(super) fn receive(
        &mut self,
        now: Timestamp,
        from: Peer,
        message: Message,
        out: &mut VecDeque<Output>,
    ) -> Option<Happened> {
        match &message.start {
            Start::Response { .. } => self.response(now, message, out),
            Start::Request { .. } => self.incoming(now, from, message, out),
        }
    }

    fn response(&mut self, now: Timestamp, message: Message, out: &mut VecDeque<Output>) -> Option<Happened> {
        let via = message.via().ok()?;
        let (_, method) = message.cseq().ok()?;
        let key = (via.branch()?.to_owned(), method.as_str().to_owned());
        let status = message.status()?;
        let client = self.clients.get_mut(&key)?;
        let reliable = client.to.transport.is_reliable();
        let soon = |wait: i64| now.plus_micros(if reliable { 0 } else { wait });
        let mut due = None;
        match (client.state, status) {
            (ClientState::Calling | ClientState::Proceeding, ..200) => {
                if client.invite {
                    client.repeat = None;
                    client.end = now.plus_micros(PATIENCE);
                } else if let Some((at, _)) = client.repeat {
                    client.repeat = Some((at, T2));
                }
                client.state = ClientState::Proceeding;
            }
            (ClientState::Calling | ClientState::Proceeding, ..300) if client.invite => {
                client.state = ClientState::Accepted;
                (client.repeat, client.end) = (None, now.plus_micros(GONE));
                due = Some(client.end);
            }
            (ClientState::Calling | ClientState::Proceeding, _) => {
                client.state = ClientState::Completed;
                client.repeat = None;
                if client.invite {
                    let ack = ack_to_refusal(&client.request, &message).octets();
                    out.push_back(Output::Transmit { to: client.to, octets: ack.clone() });
                    client.ack = Some(ack);
                    client.end = soon(32_000 * MILLI);
                } else {
                    client.end = soon(T4);
                }
                due = Some(client.end);
            }
            (ClientState::Accepted, 200..300) => {}
            (ClientState::Completed, 300..) => {
                if let Some(ack) = &client.ack {
                    out.push_back(Output::Transmit { to: client.to, octets: ack.clone() });
                }
                return None;
            }
            _ => return None,
        }
        if let Some(due) = due {
            self.at(due);
        }
        Some(Happened::Response { key, message })
    }

    fn incoming(
        &mut self,
        now: Timestamp,
        from: Peer,
        mut message: Message,
        out: &mut VecDeque<Output>,
    ) -> Option<Happened> {
        let mut via = message.via().ok()?;
        let method = message.method()?.clone();
        let key = server_key(&message, &via, &method)?;
        if let Some(server) = self.servers.get_mut(&key) {
            if method == Method::Ack {
                return match server.state {
                    ServerState::Completed => {
                        server.state = ServerState::Confirmed;
                        server.repeat = None;
                        let end = now.plus_micros(if from.transport.is_reliable() { 0 } else { T4 });
                        server.end = Some(end);
                        self.at(end);
                        None
                    }
                    ServerState::Accepted => Some(Happened::Ack { message }),
                    _ => None,
                };
            }
            // Answered before: the same answer again. What was accepted is repeated above.
            if !matches!(server.state, ServerState::Confirmed | ServerState::Accepted)
                && let Some(last) = &server.last
            {
                out.push_back(Output::Transmit { to: server.from, octets: last.clone() });
            }
            return None;
        }
        if method == Method::Ack {
            return Some(Happened::Ack { message });
        }
        if self.servers.len() >= MOST_SERVERS {
            return None;
        }
        // The response goes to where the request came from (RFC 3581), whatever Via says.
        via.params.set("received", Some(&from.at.ip().to_string()));
        if via.params.has("rport") {
            via.params.set("rport", Some(&from.at.port().to_string()));
        }
        let to = match (from.transport, via.params.has("rport")) {
            (Transport::Udp, false) => Peer { at: SocketAddr::new(from.at.ip(), via.port.unwrap_or(5060)), ..from },
            _ => from,
        };
        message.set_via(&via);
        let mut server = Server {
            from: to,
            state: ServerState::Proceeding,
            invite: method == Method::Invite,
            last: None,
            repeat: None,
            // Whoever forgets to answer must not keep a place for ever.
            end: Some(now.plus_micros(PATIENCE)),
        };
        if server.invite {
            let trying = Message::response(&message, 100).octets();
            out.push_back(Output::Transmit { to, octets: trying.clone() });
            server.last = Some(trying);
        }
        self.servers.insert(key.clone(), server);
        self.at(now.plus_micros(PATIENCE));
        if method != Method::Cancel {
            return Some(Happened::Request { key, message, from });
        }
        let of = server_key(&message, &via, &Method::Invite)?;
        let pending = self.servers.get(&of).is_some_and(|invite| invite.state == ServerState::Proceeding);
        let status = if self.servers.contains_key(&of) { 200 } else { 481 };
        self.respond(now, &key, &Message::response(&message, status), out);
        pending.then_some(Happened::Cancelled { key: of })
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, now: Timestamp, out: &mut VecDeque<Output>) -> Vec<Happened> {
        if self.next.is_none_or(|next| next > now) {
            return Vec::new();
        }
        let (mut happened, mut next) = (Vec::new(), None::<Timestamp>);
        let mut soonest = |at: Timestamp| next = Some(next.map_or(at, |next: Timestamp| next.min(at)));
        self.clients.retain(|key, client| {
            if client.end <= now {
                if matches!(client.state, ClientState::Calling | ClientState::Proceeding) {
                    happened.push(Happened::Timeout { key: key.clone() });
                }
                return false;
            }
            if let Some((at, pause)) = client.repeat.filter(|(at, _)| *at <= now) {
                out.push_back(Output::Transmit { to: client.to, octets: client.octets.clone() });
                let pause = if client.invite { pause * 2 } else { (pause * 2).min(T2) };
                client.repeat = Some((at.max(now.plus_micros(-pause)).plus_micros(pause), pause));
            }
            soonest(client.repeat.map_or(client.end, |(at, _)| at.min(client.end)));
            true
        });
        self.servers.retain(|_, server| {
            if server.end.is_some_and(|end| end <= now) {
                return false;
            }
            if let (Some((at, pause)), Some(last)) = (server.repeat.filter(|(at, _)| *at <= now), &server.last) {
                out.push_back(Output::Transmit { to: server.from, octets: last.clone() });
                let pause = (pause * 2).min(T2);
                server.repeat = Some((at.max(now.plus_micros(-pause)).plus_micros(pause), pause));
            }
            let due = [server.end, server.repeat.map(|(at, _)| at)].into_iter().flatten().min();
            due.into_iter().for_each(&mut soonest);
            true
        });
        self.next = next;
        happened
    }

    /// How many there are, for the bounds' tests.
    pub(super) fn len(&self) -> usize {
        self.clients.len() + self.servers.len()
    }
}

/// Section 17.2.3: the branch names the transaction; without RFC 3261's cookie several fields together do.
fn server_key(message: &Message, via: &Via, method: &Method) -> Option<ServerKey> {
    let (number, _) = message.cseq().ok()?;
    let method = if *method == Method::Ack { "INVITE" } else { method.as_str() };
    let from = message.from().ok()?;
    Some(if via.is_unique() {
        format!("{}|{}|{method}", via.branch()?, via.sent_by())
    } else {
        let tag = from.tag().unwrap_or_default();
        format!("{}|{number}|{tag}|{}|{method}|{}", message.call_id(), via.sent_by(), message.uri()?)
    })
}

/// Section 17.1.1.3.
fn ack_to_refusal(request: &Message, response: &Message) -> Message {
    let uri = request.uri().cloned().unwrap_or_else(|| super::uri::Uri::Other(String::new()));
    let mut ack = Message::request(Method::Ack, uri);
    if let Ok(via) = request.via() {
        ack.headers.push("Via", via);
    }
    ack.headers.push("Max-Forwards", 70);
    ack.headers.copy(&request.headers, "Route");
    ack.headers.copy(&request.headers, "From");
    ack.headers.copy(&response.headers, "To");
    ack.headers.copy(&request.headers, "Call-ID");
    let number = request.cseq().map_or(0, |(number, _)| number);
    ack.headers.push("CSeq", format_args!("{number} ACK"));
    ack
}
