//! Our side towards an operator: a bind that stays up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kernel::{Clock, Rng};
use privacy::gate::{Handover, SendPermit};
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use store::BoxFuture;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio_rustls::TlsConnector;

use super::body::{Address, Bind, BindMode, IdResp, Message};
use super::link::{Answers, Incoming, Limits, Link, Stream, Unanswered, read_pdu, write_pdu};
use super::pace::Pace;
use super::pdu::{Body, Pdu};
use super::status::{Refusal, Status};

/// Time for connecting, TLS and the bind together.
const HANDSHAKE: Duration = Duration::from_secs(15);
/// Longest wait before connecting again.
const LONGEST_WAIT: Duration = Duration::from_mins(2);
/// Longest pause after "too fast".
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// One bind to an operator.
#[derive(Clone)]
pub struct BindSettings {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// TLS from the first octet.
    pub tls: Option<Arc<ClientConfig>>,
    /// For what.
    pub mode: BindMode,
    /// The account.
    pub system_id: String,
    /// Its secret.
    pub password: String,
    /// What the operator calls the kind of system; usually empty.
    pub system_type: String,
    /// Most messages a second.
    pub per_second: u32,
    /// Window and times.
    pub limits: Limits,
    /// First wait before connecting again, and first pause after "too fast"; both double.
    pub back_off: Duration,
}

impl std::fmt::Debug for BindSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}:{} {:?}", self.system_id, self.host, self.port, self.mode)
    }
}

impl BindSettings {
    /// A transceiver with the usual window, at 100 messages a second.
    pub fn new(host: impl Into<String>, port: u16, system_id: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port,
            tls: None,
            mode: BindMode::Transceiver,
            system_id: system_id.into(),
            password: password.into(),
            system_type: String::new(),
            per_second: 100,
            limits: Limits::default(),
            back_off: Duration::from_secs(1),
        }
    }
}

/// Who takes what the operator delivers.
pub trait Inbound: Send + Sync {
    /// Keeps a message or a receipt; `Ok` promises that it survives a crash. A refusal makes the operator
    /// bring it again.
    fn deliver(&self, message: Message) -> BoxFuture<'_, Result<(), Status>>;
}

/// What became of one submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// The operator took it under this id.
    Accepted(String),
    /// The operator refused it.
    Refused(Status),
    /// It never left: another route, or another time, cannot double it.
    NotStarted(&'static str),
    /// It left, and nobody knows: it must not be sent again.
    InDoubt,
    /// The permit was cancelled or ran out before anything left.
    PermitLost,
}

/// A bind's turn to write one part: used up by it, given back when dropped.
pub struct Turn {
    client: Client,
    link: Link,
    place: super::link::Place,
}

impl Turn {
    /// Writes one part, under a hand-over that a permit began, and waits for the operator's answer.
    pub async fn submit(self, _begun: &Handover, message: Message) -> Submitted {
        let answered = self.link.request(self.place, Body::Submit(Box::new(message))).await;
        self.client.settle(answered)
    }
}

/// How a bind stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BindState {
    /// Connecting, or waiting to connect again.
    Down,
    /// Bound.
    Up,
    /// The operator refused the bind with this status; it is tried again later.
    Refused(Status),
}

struct Inner {
    settings: BindSettings,
    link: watch::Sender<Option<Link>>,
    state: watch::Sender<BindState>,
    pace: Pace,
    /// While true nothing is submitted: the operator said "too fast".
    paused: watch::Sender<bool>,
    throttled: AtomicU32,
    stop: watch::Sender<bool>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    inbound: Arc<dyn Inbound>,
}

/// A bind that connects, stays, and comes back. Cheap to clone; ends with [`Client::stop`].
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Deliveries(Arc<dyn Inbound>);

impl Answers for Deliveries {
    fn answer(&self, request: Body) -> BoxFuture<'_, (Status, Body)> {
        Box::pin(async move {
            let empty = IdResp::default();
            let (message, body) = match request {
                Body::Deliver(message) => (*message, Body::DeliverResp(empty)),
                Body::Data(data) => (data.into_message(), Body::DataResp(empty)),
                _ => return (Status::INVALID_BIND_STATE, Body::GenericNack),
            };
            (self.0.deliver(message).await.err().unwrap_or(Status::OK), body)
        })
    }
}

impl Client {
    /// Starts a bind; needs a runtime.
    pub fn start(
        settings: BindSettings,
        inbound: Arc<dyn Inbound>,
        (clock, rng): (Arc<dyn Clock>, Arc<dyn Rng>),
    ) -> Self {
        let client = Self(Arc::new(Inner {
            pace: Pace::new(settings.per_second),
            settings,
            link: watch::Sender::new(None),
            state: watch::Sender::new(BindState::Down),
            paused: watch::Sender::new(false),
            throttled: AtomicU32::new(0),
            stop: watch::Sender::new(false),
            clock,
            rng,
            inbound,
        }));
        tokio::spawn(stay(client.clone()));
        client
    }

    /// What tells two binds apart in this process.
    pub(crate) fn key(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// How it stands now, and from now on.
    pub fn state(&self) -> watch::Receiver<BindState> {
        self.0.state.subscribe()
    }

    /// Whether a message can be submitted now: bound for sending and not told to be slower.
    pub fn is_ready(&self) -> bool {
        self.0.settings.mode.transmits() && *self.0.state.borrow() == BindState::Up && !*self.0.paused.borrow()
    }

    /// Says goodbye and does not come back.
    pub async fn stop(&self) {
        self.0.stop.send_replace(true);
        let link = self.0.link.borrow().clone();
        if let Some(link) = link {
            link.unbind().await;
        }
    }

    /// Waits, at most so long, for the end of a pause, the pace and a place in the window.
    ///
    /// # Errors
    /// `not_a_sender`, `not_bound`, or `window_full` when the time is over.
    pub async fn turn(&self, patience: Duration) -> Result<Turn, &'static str> {
        let inner = &self.0;
        if !inner.settings.mode.transmits() {
            return Err("not_a_sender");
        }
        let waited = async {
            let _ = inner.paused.subscribe().wait_for(|paused| !*paused).await;
            inner.pace.turn().await;
            let link = inner.link.borrow().clone().ok_or("not_bound")?;
            let place = link.place().await.map_err(|_| "not_bound")?;
            Ok(Turn { client: self.clone(), link, place })
        };
        tokio::time::timeout(patience, waited).await.unwrap_or(Err("window_full"))
    }

    /// Hands one message of a single part over. The permit is used up right before it is written.
    pub async fn submit(&self, permit: SendPermit, message: Message) -> Submitted {
        let turn = match self.turn(self.0.settings.limits.response).await {
            Ok(turn) => turn,
            Err(reason) => return Submitted::NotStarted(reason),
        };
        match permit.begin(self.0.clock.now()) {
            Ok(handover) => turn.submit(&handover, message).await,
            Err(_) => Submitted::PermitLost,
        }
    }

    /// Hands a further part of a message over that has begun. One that the operator finds too fast is
    /// tried again: its message cannot wait for another day.
    pub async fn submit_further(&self, begun: &Handover, message: &Message) -> Submitted {
        const TRIES: usize = 6;
        for _ in 0..TRIES {
            let turn = match self.turn(self.0.settings.limits.response).await {
                Ok(turn) => turn,
                Err(reason) => return Submitted::NotStarted(reason),
            };
            match turn.submit(begun, message.clone()).await {
                Submitted::Refused(status) if status.refusal() == Refusal::Slower => {}
                other => return other,
            }
        }
        Submitted::Refused(Status::THROTTLED)
    }

    fn settle(&self, answered: Result<Pdu, Unanswered>) -> Submitted {
        let pdu = match answered {
            Ok(pdu) => pdu,
            Err(Unanswered::NotWritten) => return Submitted::NotStarted("connection_lost"),
            Err(Unanswered::Lost) => return Submitted::InDoubt,
        };
        match pdu.body {
            _ if pdu.status.refusal() == Refusal::Slower && !pdu.status.is_ok() => {
                self.slower();
                Submitted::Refused(pdu.status)
            }
            Body::SubmitResp(resp) if pdu.status.is_ok() => {
                self.0.throttled.store(0, Ordering::Relaxed);
                Submitted::Accepted(resp.id)
            }
            // "Accepted" in a form that no specification knows: it may have been.
            _ if pdu.status.is_ok() => Submitted::InDoubt,
            _ => Submitted::Refused(pdu.status),
        }
    }

    /// Pauses the bind, longer each time until something is accepted again.
    fn slower(&self) {
        let inner = &self.0;
        if inner.paused.send_replace(true) {
            return;
        }
        let times = inner.throttled.fetch_add(1, Ordering::Relaxed).min(10);
        let pause = self.spread((inner.settings.back_off * (1 << times)).min(LONGEST_PAUSE));
        let client = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(pause).await;
            client.0.paused.send_replace(false);
        });
    }

    /// A span lengthened by up to a half, so that what failed together does not return together.
    fn spread(&self, span: Duration) -> Duration {
        let mut octet = [0];
        self.0.rng.fill(&mut octet);
        span + span * u32::from(octet[0]) / 512
    }
}

/// Connects, serves, and connects again until stopped.
async fn stay(client: Client) {
    let inner = Arc::clone(&client.0);
    let mut stop = inner.stop.subscribe();
    let mut wait = inner.settings.back_off;
    loop {
        let connected = tokio::select! {
            connected = tokio::time::timeout(HANDSHAKE, connect(&inner)) => connected.unwrap_or(Err(BindState::Down)),
            _ = stop.wait_for(|stop| *stop) => return,
        };
        match connected {
            Ok(link) => {
                wait = inner.settings.back_off;
                inner.throttled.store(0, Ordering::Relaxed);
                inner.link.send_replace(Some(link.clone()));
                inner.state.send_replace(BindState::Up);
                link.closed().await;
                inner.link.send_replace(None);
                inner.state.send_replace(BindState::Down);
                tracing::info!(bind = ?inner.settings, "an SMPP session ended");
            }
            Err(state) => {
                tracing::warn!(bind = ?inner.settings, ?state, "an SMPP bind failed");
                inner.state.send_replace(state);
            }
        }
        let pause = client.spread(wait);
        wait = (wait * 2).min(LONGEST_WAIT);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

async fn connect(inner: &Inner) -> Result<Link, BindState> {
    let settings = &inner.settings;
    let tcp = TcpStream::connect((settings.host.as_str(), settings.port)).await.map_err(|_| BindState::Down)?;
    let _ = tcp.set_nodelay(true);
    let mut stream: Box<dyn Stream> = match &settings.tls {
        None => Box::new(tcp),
        Some(config) => {
            let name = ServerName::try_from(settings.host.clone()).map_err(|_| BindState::Down)?;
            let tls = TlsConnector::from(Arc::clone(config)).connect(name, tcp).await;
            Box::new(tls.map_err(|_| BindState::Down)?)
        }
    };
    let bind = Bind {
        mode: settings.mode,
        system_id: settings.system_id.clone(),
        password: settings.password.clone(),
        system_type: settings.system_type.clone(),
        interface_version: 0x34,
        range: Address::default(),
    };
    write_pdu(&mut stream, &Pdu::request(1, Body::Bind(bind))).await.map_err(|_| BindState::Down)?;
    loop {
        // Read octet by octet from the stream itself: what follows the response belongs to the session.
        match read_pdu(&mut stream).await.map_err(|_| BindState::Down)? {
            Incoming::Pdu(Pdu { status, body: Body::BindResp(..) | Body::GenericNack, .. }) if !status.is_ok() => {
                return Err(BindState::Refused(status));
            }
            Incoming::Pdu(Pdu { sequence: 1, body: Body::BindResp(..), .. }) => break,
            Incoming::Pdu(Pdu { sequence, body: Body::EnquireLink, .. }) => {
                let pdu = Pdu { status: Status::OK, sequence, body: Body::EnquireLinkResp };
                write_pdu(&mut stream, &pdu).await.map_err(|_| BindState::Down)?;
            }
            // A centre that delivers before it has bound us brings it again.
            Incoming::Pdu(Pdu {
                body: Body::Deliver(_) | Body::Data(_) | Body::Outbind(_) | Body::Alert(_), ..
            }) => {}
            _ => return Err(BindState::Down),
        }
    }
    Ok(Link::start(stream, settings.limits, Arc::new(Deliveries(Arc::clone(&inner.inbound)))))
}
