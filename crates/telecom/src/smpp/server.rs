//! Our side towards customers: they bind, submit, and receive receipts and messages.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use rustls::ServerConfig;
use store::BoxFuture;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::body::{About, Bind, BindMode, IdResp, Message, QueryResp};
use super::link::{Answers, Incoming, Limits, Link, Stream, Unanswered, read_pdu, write_pdu};
use super::pace::Pace;
use super::pdu::{Body, Pdu};
use super::status::Status;
use super::tlv::{Tlvs, tag};

/// Time for TLS and the bind together: nobody holds a place without saying who they are.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A customer who proved who they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Customer {
    /// Their account.
    pub system_id: String,
    /// Sessions they may have at the same time.
    pub binds: usize,
    /// Submissions a second over all their sessions.
    pub per_second: u32,
}

/// Who knows customers and takes their messages.
pub trait Customers: Send + Sync {
    /// Checks the account, the secret and where it comes from.
    fn bind(&self, bind: Bind, peer: SocketAddr) -> BoxFuture<'_, Result<Customer, Status>>;

    /// Takes a message; the id is durable when it is answered.
    fn submit<'a>(&'a self, customer: &'a Customer, message: Message) -> BoxFuture<'a, Result<String, Status>>;

    /// Where a message stands.
    fn query<'a>(&'a self, _customer: &'a Customer, _about: About) -> BoxFuture<'a, Result<QueryResp, Status>> {
        Box::pin(async { Err(Status::QUERY_FAILED) })
    }

    /// Takes a message back that has not left.
    fn cancel<'a>(&'a self, _customer: &'a Customer, _about: About) -> BoxFuture<'a, Result<(), Status>> {
        Box::pin(async { Err(Status::CANCEL_FAILED) })
    }
}

/// How the server behaves.
#[derive(Clone)]
pub struct Settings {
    /// Its name in bind responses.
    pub system_id: String,
    /// Most connections at once; more are closed.
    pub connections: usize,
    /// Window and times of each session.
    pub limits: Limits,
    /// TLS from the first octet.
    pub tls: Option<Arc<ServerConfig>>,
}

impl Settings {
    /// Sensible bounds.
    pub fn new(system_id: impl Into<String>) -> Self {
        let limits = Limits { silence: Duration::from_mins(1), ..Limits::default() };
        Self { system_id: system_id.into(), connections: 500, limits, tls: None }
    }
}

/// One session of a customer.
struct Session {
    link: Link,
    mode: BindMode,
}

/// What all sessions of a customer share.
#[derive(Default)]
struct Account {
    sessions: Vec<Session>,
    pace: Option<(u32, Arc<Pace>)>,
    /// Which session gets the next delivery.
    turn: usize,
    /// Binds that were let in and have no session yet.
    coming: usize,
}

/// The sessions that are open, by account.
#[derive(Clone, Default)]
pub struct Sessions(Arc<Mutex<HashMap<String, Account>>>);

/// Why nothing was delivered to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// They have no session that receives: keep it and try again.
    #[error("the customer has no session that receives")]
    NotBound,
    /// They refused it or did not answer: keep it and try again.
    #[error("the customer did not take it")]
    NotTaken,
}

impl Sessions {
    /// How many sessions an account has.
    pub fn count(&self, system_id: &str) -> usize {
        self.0.lock().get(system_id).map_or(0, |account| account.sessions.len())
    }

    /// Delivers a message or a receipt to one of the account's sessions that receive, in turn; when one
    /// dies meanwhile, another gets it.
    ///
    /// # Errors
    /// [`Undelivered`]; nothing is lost, the caller keeps it.
    pub async fn deliver(&self, system_id: &str, message: Message) -> Result<(), Undelivered> {
        loop {
            let link = self.next(system_id).ok_or(Undelivered::NotBound)?;
            let Ok(place) = link.place().await else { continue };
            return match link.request(place, Body::Deliver(Box::new(message.clone()))).await {
                Ok(pdu) if pdu.status.is_ok() => Ok(()),
                Err(Unanswered::NotWritten) if link.is_closed() => continue,
                Ok(_) | Err(_) => Err(Undelivered::NotTaken),
            };
        }
    }

    /// Ends every session of an account, after its secret changed or it was closed.
    pub async fn end(&self, system_id: &str) {
        let links: Vec<Link> = match self.0.lock().get(system_id) {
            Some(account) => account.sessions.iter().map(|session| session.link.clone()).collect(),
            None => return,
        };
        for link in links {
            link.unbind().await;
        }
    }

    fn next(&self, system_id: &str) -> Option<Link> {
        let mut accounts = self.0.lock();
        let account = accounts.get_mut(system_id)?;
        let receiving = account.sessions.iter().filter(|session| session.mode.receives() && !session.link.is_closed());
        let receiving: Vec<&Session> = receiving.collect();
        let chosen = receiving.get(account.turn % receiving.len().max(1))?.link.clone();
        account.turn = account.turn.wrapping_add(1);
        Some(chosen)
    }

    /// Reserves a session; `false` when the account has as many as it may.
    fn reserve(&self, customer: &Customer) -> Option<Arc<Pace>> {
        let mut accounts = self.0.lock();
        let account = accounts.entry(customer.system_id.clone()).or_default();
        account.sessions.retain(|session| !session.link.is_closed());
        if account.sessions.len() + account.coming >= customer.binds {
            return None;
        }
        account.coming += 1;
        let pace = match &account.pace {
            Some((rate, pace)) if *rate == customer.per_second => Arc::clone(pace),
            _ => Arc::new(Pace::new(customer.per_second)),
        };
        account.pace = Some((customer.per_second, Arc::clone(&pace)));
        Some(pace)
    }

    fn enter(&self, system_id: &str, session: Option<Session>) {
        let mut accounts = self.0.lock();
        if let Some(account) = accounts.get_mut(system_id) {
            account.coming = account.coming.saturating_sub(1);
            account.sessions.extend(session);
        }
    }

    fn leave(&self, system_id: &str) {
        let mut accounts = self.0.lock();
        if let Some(account) = accounts.get_mut(system_id) {
            account.sessions.retain(|session| !session.link.is_closed());
            if account.sessions.is_empty() && account.coming == 0 {
                accounts.remove(system_id);
            }
        }
    }

    fn all(&self) -> Vec<Link> {
        self.0.lock().values().flat_map(|account| account.sessions.iter().map(|session| session.link.clone())).collect()
    }
}

/// Serves `listener` until `stop` becomes true; open sessions are unbound then.
pub async fn serve(
    listener: TcpListener,
    settings: Settings,
    (customers, sessions): (Arc<dyn Customers>, Sessions),
    mut stop: watch::Receiver<bool>,
) {
    let settings = Arc::new(settings);
    let places = Arc::new(Semaphore::new(settings.connections));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of descriptors, most likely: others must end before the next one can begin.
            tokio::task::yield_now().await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let one = One { settings: settings.clone(), customers: customers.clone(), sessions: sessions.clone(), peer };
        tokio::spawn(async move {
            one.run(stream).await;
            drop(place);
        });
    }
    for link in sessions.all() {
        link.unbind().await;
    }
}

/// One connection.
struct One {
    settings: Arc<Settings>,
    customers: Arc<dyn Customers>,
    sessions: Sessions,
    peer: SocketAddr,
}

impl One {
    async fn run(self, tcp: TcpStream) {
        let _ = tcp.set_nodelay(true);
        let Ok(Some((stream, customer, mode, pace))) = tokio::time::timeout(HANDSHAKE, self.welcome(tcp)).await else {
            return;
        };
        let requests = Requests { customers: self.customers, customer: customer.clone(), mode, pace };
        let link = Link::start(stream, self.settings.limits, Arc::new(requests));
        self.sessions.enter(&customer.system_id, Some(Session { link: link.clone(), mode }));
        link.closed().await;
        self.sessions.leave(&customer.system_id);
    }

    /// TLS and the bind; answers refusals itself.
    async fn welcome(&self, tcp: TcpStream) -> Option<(Box<dyn Stream>, Customer, BindMode, Arc<Pace>)> {
        let mut stream: Box<dyn Stream> = match &self.settings.tls {
            None => Box::new(tcp),
            Some(config) => Box::new(TlsAcceptor::from(Arc::clone(config)).accept(tcp).await.ok()?),
        };
        loop {
            let refusal = match read_pdu(&mut stream).await {
                Ok(Incoming::Pdu(Pdu { sequence, body: Body::Bind(bind), .. })) => {
                    return self.bind(stream, sequence, bind).await;
                }
                Ok(Incoming::Pdu(Pdu { sequence, body: Body::EnquireLink, .. })) => {
                    Pdu { status: Status::OK, sequence, body: Body::EnquireLinkResp }
                }
                Ok(Incoming::Pdu(Pdu { sequence, body: Body::Unbind, .. })) => {
                    let pdu = Pdu { status: Status::OK, sequence, body: Body::UnbindResp };
                    let _ = write_pdu(&mut stream, &pdu).await;
                    return None;
                }
                Ok(Incoming::Pdu(Pdu { status, sequence, body })) => {
                    let head = super::pdu::Head { length: 0, command: body.command(), status, sequence };
                    if head.is_response() {
                        return None;
                    }
                    head.refusal(Status::INVALID_BIND_STATE)
                }
                Ok(Incoming::Damaged(head, error)) => head.refusal(error.status()),
                Err(Some(error)) => {
                    let pdu = Pdu { status: error.status(), sequence: 0, body: Body::GenericNack };
                    let _ = write_pdu(&mut stream, &pdu).await;
                    return None;
                }
                Err(None) => return None,
            };
            write_pdu(&mut stream, &refusal).await.ok()?;
        }
    }

    async fn bind(
        &self,
        mut stream: Box<dyn Stream>,
        sequence: u32,
        bind: Bind,
    ) -> Option<(Box<dyn Stream>, Customer, BindMode, Arc<Pace>)> {
        let mode = bind.mode;
        let known = self.customers.bind(bind, self.peer).await;
        let let_in = known.and_then(|customer| match self.sessions.reserve(&customer) {
            Some(pace) => Ok((customer, pace)),
            None => Err(Status::BIND_FAILED),
        });
        let tlvs = Tlvs::default().with(tag::INTERFACE_VERSION, [0x34]);
        let resp = |status, body| Pdu { status, sequence, body: Body::BindResp(mode, body) };
        match let_in {
            Ok((customer, pace)) => {
                let body = IdResp { id: self.settings.system_id.clone(), tlvs };
                if write_pdu(&mut stream, &resp(Status::OK, body)).await.is_err() {
                    self.sessions.enter(&customer.system_id, None);
                    return None;
                }
                Some((stream, customer, mode, pace))
            }
            Err(status) => {
                let _ = write_pdu(&mut stream, &resp(status, IdResp::default())).await;
                None
            }
        }
    }
}

/// Answers what a bound customer asks.
struct Requests {
    customers: Arc<dyn Customers>,
    customer: Customer,
    mode: BindMode,
    pace: Arc<Pace>,
}

impl Requests {
    async fn submit(&self, message: Message) -> (Status, IdResp) {
        if !self.mode.transmits() {
            return (Status::INVALID_BIND_STATE, IdResp::default());
        }
        if !self.pace.try_turn() {
            return (Status::THROTTLED, IdResp::default());
        }
        match self.customers.submit(&self.customer, message).await {
            Ok(id) => (Status::OK, IdResp::new(id)),
            Err(status) => (status, IdResp::default()),
        }
    }
}

impl Answers for Requests {
    fn answer(&self, request: Body) -> BoxFuture<'_, (Status, Body)> {
        Box::pin(async move {
            match request {
                Body::Submit(message) => {
                    let (status, resp) = self.submit(*message).await;
                    (status, Body::SubmitResp(resp))
                }
                Body::Data(data) => {
                    let (status, resp) = self.submit(data.into_message()).await;
                    (status, Body::DataResp(resp))
                }
                Body::Query(about) => match self.customers.query(&self.customer, about).await {
                    Ok(resp) => (Status::OK, Body::QueryResp(resp)),
                    Err(status) => (status, Body::QueryResp(QueryResp::default())),
                },
                Body::Cancel(about) => {
                    let done = self.customers.cancel(&self.customer, about).await;
                    (done.err().unwrap_or(Status::OK), Body::CancelResp)
                }
                Body::Deliver(_) => (Status::INVALID_BIND_STATE, Body::DeliverResp(IdResp::default())),
                _ => (Status::INVALID_COMMAND_ID, Body::GenericNack),
            }
        })
    }
}
