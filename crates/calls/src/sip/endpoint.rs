//! The user agent on real sockets, with the real time.

use std::collections::{HashMap, HashSet};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use kernel::{Clock, Rng, Timestamp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::{mpsc, oneshot};

use super::agent::{Event, Identity, Invitation, LegId, Output, UserAgent};
use super::framing::Framer;
use super::message::Message;
use super::registration::{RegisterState, Registration};
use super::sdp::Local;
use super::transaction::{Peer, Transport};

/// Events of one call that may wait.
const EVENTS: usize = 64;
/// Messages of streams that may wait.
const ARRIVING: usize = 1024;
/// Messages to one stream that may wait.
const LEAVING: usize = 256;
/// Most streams at the same time.
const MOST_STREAMS: usize = 512;
/// How long opening a stream may take.
const CONNECT: Duration = Duration::from_secs(10);
/// After how long a silent stream is closed.
const SILENCE: Duration = Duration::from_mins(15);

/// Where the endpoint is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it listens, for datagrams and streams.
    pub listen: SocketAddr,
    /// The address others reach it at, when that is another one.
    pub public: Option<IpAddr>,
    /// Who it is, for User-Agent.
    pub product: String,
}

/// Events of one call; the last is [`Event::Ended`], or the channel ends.
pub type LegEvents = mpsc::Receiver<Event>;

/// A call that came in.
pub struct Offered {
    /// Its name.
    pub leg: LegId,
    /// The INVITE.
    pub invite: Box<Message>,
    /// From where.
    pub from: Peer,
    /// What happens to it.
    pub events: LegEvents,
}

/// Who takes what nobody asked for.
pub trait Sink: Send + Sync {
    /// Somebody calls. Must not wait.
    fn incoming(&self, offered: Offered);
    /// A registration stands differently. Must not wait.
    fn registered(&self, name: u64, state: RegisterState);
}

/// What the endpoint is asked to do.
pub enum Command {
    /// Call somebody.
    Invite(Box<Invitation>, oneshot::Sender<(LegId, LegEvents)>),
    /// Say that it rings.
    Ring(LegId),
    /// Answer.
    Accept(LegId, Local),
    /// Refuse with a status.
    Reject(LegId, u16),
    /// End.
    HangUp(LegId),
    /// Register under a name.
    Register(u64, Box<Registration>),
    /// Take a registration back.
    Unregister(u64),
    /// Who may send requests.
    Allow(HashSet<IpAddr>),
    /// Hang up everywhere, take registrations back, and end.
    Stop(oneshot::Sender<()>),
}

/// A running endpoint. Cheap to clone; it ends with [`Endpoint::stop`].
#[derive(Clone)]
pub struct Endpoint {
    commands: mpsc::UnboundedSender<Command>,
    at: SocketAddr,
    public: IpAddr,
}

impl Endpoint {
    /// Opens the sockets and runs.
    ///
    /// # Errors
    /// When the address cannot be listened at.
    pub async fn start(
        settings: Settings,
        (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>),
        sink: Arc<dyn Sink>,
    ) -> io::Result<Self> {
        let udp = UdpSocket::bind(settings.listen).await?;
        let at = udp.local_addr()?;
        let tcp = TcpListener::bind(at).await?;
        let public = settings.public.unwrap_or_else(|| at.ip());
        let said = SocketAddr::new(public, at.port());
        let agent = UserAgent::new(Identity { udp: said, tcp: said, product: settings.product }, rng);
        let (commands, orders) = mpsc::unbounded_channel();
        let (arriving, arrived) = mpsc::channel(ARRIVING);
        let running = Running {
            agent,
            clock,
            sink,
            udp,
            tcp,
            legs: HashMap::new(),
            streams: HashMap::new(),
            arriving,
            stopping: None,
        };
        tokio::spawn(running.run(orders, arrived));
        Ok(Self { commands, at, public })
    }

    /// Where it listens.
    pub fn at(&self) -> SocketAddr {
        self.at
    }

    /// The address it says.
    pub fn public(&self) -> IpAddr {
        self.public
    }

    /// Asks for something. Nothing happens when the endpoint has ended.
    pub fn order(&self, command: Command) {
        let _ = self.commands.send(command);
    }

    /// Calls somebody; `None` when the endpoint has ended.
    pub async fn invite(&self, invitation: Invitation) -> Option<(LegId, LegEvents)> {
        let (told, begun) = oneshot::channel();
        self.order(Command::Invite(Box::new(invitation), told));
        begun.await.ok()
    }

    /// Hangs up everywhere and ends.
    pub async fn stop(&self) {
        let (told, stopped) = oneshot::channel();
        self.order(Command::Stop(told));
        let _ = stopped.await;
    }
}

enum Arrival {
    Message(Peer, Message),
    Gone(Peer),
}

struct Running {
    agent: UserAgent,
    clock: Arc<dyn Clock>,
    sink: Arc<dyn Sink>,
    udp: UdpSocket,
    tcp: TcpListener,
    legs: HashMap<LegId, mpsc::Sender<Event>>,
    streams: HashMap<SocketAddr, mpsc::Sender<Vec<u8>>>,
    arriving: mpsc::Sender<Arrival>,
    stopping: Option<(oneshot::Sender<()>, Timestamp)>,
}

impl Running {
    async fn run(mut self, mut orders: mpsc::UnboundedReceiver<Command>, mut arrived: mpsc::Receiver<Arrival>) {
        let mut octets = vec![0; 65_536];
        loop {
            self.flush().await;
            let now = self.clock.now();
            let idle = self.agent.load().0 == 0;
            if self.stopping.as_ref().is_some_and(|(_, until)| *until <= now || idle) {
                break;
            }
            let patience = self.agent.next().map_or(1_000_000, |next| (next.0 - now.0).clamp(0, 1_000_000));
            let patience = Duration::from_micros(patience as u64);
            tokio::select! {
                received = self.udp.recv_from(&mut octets) => {
                    // Errors are those of datagrams before (nobody listens there): their time-outs tell.
                    if let Ok((length, from)) = received {
                        self.agent.datagram(self.clock.now(), from, &octets[..length]);
                    }
                }
                accepted = self.tcp.accept() => {
                    if let Ok((stream, from)) = accepted {
                        self.accepted(stream, from);
                    }
                }
                Some(arrival) = arrived.recv() => {
                    let now = self.clock.now();
                    match arrival {
                        Arrival::Message(peer, message) => self.agent.message(now, peer, message),
                        Arrival::Gone(peer) => {
                            self.streams.remove(&peer.at);
                            self.agent.disconnected(now, peer);
                        }
                    }
                }
                order = orders.recv() => match order {
                    Some(order) => self.order(order),
                    None => break,
                },
                () = tokio::time::sleep(patience) => {}
            }
            let now = self.clock.now();
            self.agent.tick(now);
        }
        if let Some((told, _)) = self.stopping {
            let _ = told.send(());
        }
    }

    fn order(&mut self, order: Command) {
        let now = self.clock.now();
        match order {
            Command::Invite(invitation, told) => {
                let leg = self.agent.invite(now, *invitation);
                let (events, receiver) = mpsc::channel(EVENTS);
                self.legs.insert(leg, events);
                if told.send((leg, receiver)).is_err() {
                    self.agent.hang_up(now, leg);
                }
            }
            Command::Ring(leg) => self.agent.ring(now, leg),
            Command::Accept(leg, media) => self.agent.accept(now, leg, media),
            Command::Reject(leg, status) => self.agent.reject(now, leg, status),
            Command::HangUp(leg) => self.agent.hang_up(now, leg),
            Command::Register(name, registration) => self.agent.register(now, name, *registration),
            Command::Unregister(name) => self.agent.unregister(now, name),
            Command::Allow(from) => self.agent.allow(from),
            Command::Stop(told) => {
                let legs: Vec<LegId> = self.legs.keys().copied().collect();
                for leg in legs {
                    self.agent.hang_up(now, leg);
                }
                self.stopping = Some((told, now.plus_seconds(2)));
            }
        }
    }

    /// Does what the agent wants.
    async fn flush(&mut self) {
        while let Some(output) = self.agent.poll() {
            match output {
                Output::Transmit { to: Peer { transport: Transport::Udp, at }, octets } => {
                    let _ = self.udp.send_to(&octets, at).await;
                }
                Output::Transmit { to: Peer { at, .. }, octets } => self.write(at, octets),
                Output::Event(event) => self.event(event),
            }
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Incoming { leg, invite, from } => {
                let (events, receiver) = mpsc::channel(EVENTS);
                self.legs.insert(leg, events);
                self.sink.incoming(Offered { leg, invite, from, events: receiver });
            }
            Event::Registered { name, state } => self.sink.registered(name, state),
            Event::Ended { leg, .. } => {
                // When nobody reads, the channel's end tells the same.
                if let Some(events) = self.legs.remove(&leg) {
                    let _ = events.try_send(event);
                }
            }
            Event::Progress { leg, .. }
            | Event::Answered { leg, .. }
            | Event::Media { leg, .. }
            | Event::Key { leg, .. } => {
                if let Some(events) = self.legs.get(&leg) {
                    let _ = events.try_send(event);
                }
            }
        }
    }

    fn accepted(&mut self, stream: TcpStream, from: SocketAddr) {
        if self.agent.allows(from.ip()) && self.streams.len() < MOST_STREAMS {
            let (out, queue) = mpsc::channel(LEAVING);
            self.streams.insert(from, out);
            tokio::spawn(carry(stream, from, queue, self.arriving.clone()));
        }
    }

    fn write(&mut self, at: SocketAddr, octets: Vec<u8>) {
        if let Some(stream) = self.streams.get(&at) {
            let _ = stream.try_send(octets);
            return;
        }
        if self.streams.len() >= MOST_STREAMS {
            return;
        }
        let (out, queue) = mpsc::channel(LEAVING);
        let _ = out.try_send(octets);
        self.streams.insert(at, out);
        let arriving = self.arriving.clone();
        tokio::spawn(async move {
            match tokio::time::timeout(CONNECT, TcpStream::connect(at)).await {
                Ok(Ok(stream)) => carry(stream, at, queue, arriving).await,
                _ => {
                    let _ = arriving.send(Arrival::Gone(Peer { transport: Transport::Tcp, at })).await;
                }
            }
        });
    }
}

/// One stream, until it ends, is silent for long, or says something that is no SIP.
async fn carry(stream: TcpStream, at: SocketAddr, mut queue: mpsc::Receiver<Vec<u8>>, arriving: mpsc::Sender<Arrival>) {
    let peer = Peer { transport: Transport::Tcp, at };
    let (mut reading, mut writing) = stream.into_split();
    let (mut framer, mut octets) = (Framer::default(), vec![0; 16_384]);
    'stream: loop {
        tokio::select! {
            read = tokio::time::timeout(SILENCE, reading.read(&mut octets)) => {
                let Ok(Ok(length @ 1..)) = read else { break };
                if framer.push(&octets[..length]).is_err() {
                    break;
                }
                loop {
                    match framer.next_message() {
                        Ok(Some(message)) => {
                            if arriving.send(Arrival::Message(peer, message)).await.is_err() {
                                return;
                            }
                        }
                        Ok(None) => break,
                        Err(_) => break 'stream,
                    }
                }
                for _ in 0..framer.pings() {
                    if writing.write_all(b"\r\n").await.is_err() {
                        break 'stream;
                    }
                }
            }
            out = queue.recv() => {
                let Some(out) = out else { break };
                if writing.write_all(&out).await.is_err() {
                    break;
                }
            }
        }
    }
    let _ = arriving.send(Arrival::Gone(peer)).await;
}
