//! The listener for what comes back: bounces, complaints, unsubscribe mail, replies (RFC 5321).
//!
//! It takes mail for addresses it knows and for nobody else; it never relays. A message is
//! acknowledged only after [`Received::store`] said that it is durably kept.

mod command;
mod connection;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use rustls::ServerConfig;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// A message as it came in.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The return path; empty for bounces.
    pub from: String,
    /// The recipients that were accepted, as the client wrote them.
    pub recipients: Vec<String>,
    /// The message, with a Return-Path header in front (RFC 5321 section 4.4).
    pub raw: Vec<u8>,
    /// Who brought it.
    pub peer: SocketAddr,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({} octets, {} recipients)", self.raw.len(), self.recipients.len())
    }
}

/// Why a message was not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The client shall try again later (451).
    Later,
    /// The client shall not try again (554).
    Never,
}

/// Who receives.
pub trait Received: Send + Sync {
    /// Whether there is such a recipient: its token verifies, or its address is configured.
    fn knows<'a>(&'a self, recipient: &'a str) -> BoxFuture<'a, bool>;
    /// Keeps the message; `Ok` promises that it survives a crash.
    fn store(&self, mail: Mail) -> BoxFuture<'_, Result<(), Refusal>>;
}

/// How the listener behaves.
#[derive(Clone)]
pub struct Settings {
    /// The name said in the greeting.
    pub host: String,
    /// Largest message, in octets.
    pub size: usize,
    /// Most recipients of one message.
    pub recipients: usize,
    /// Most connections at once; more are told 421.
    pub connections: usize,
    /// Most messages on one connection.
    pub messages: usize,
    /// Most mistakes on one connection.
    pub mistakes: usize,
    /// How long a client may be silent.
    pub silence: Duration,
    /// How long one message's content may take.
    pub content: Duration,
    /// The certificate for STARTTLS; without it, TLS is not offered.
    pub tls: Option<Arc<ServerConfig>>,
}

impl Settings {
    /// Sensible bounds under the name `host`.
    pub fn new(host: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            size: 10 << 20,
            recipients: 100,
            connections: 200,
            messages: 1000,
            mistakes: 10,
            silence: Duration::from_mins(5),
            content: Duration::from_mins(10),
            tls: None,
        }
    }
}

/// Serves `listener` until `stop` becomes true (or its sender is gone). Connections that are open then
/// end after their present command.
pub async fn serve(listener: TcpListener, settings: Settings, to: Arc<dyn Received>, mut stop: watch::Receiver<bool>) {
    let settings = Arc::new(settings);
    let places = Arc::new(Semaphore::new(settings.connections));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of descriptors, most likely: others must end before the next one can begin.
                tracing::warn!(kind = ?error.kind(), "inbound connection failed");
                tokio::task::yield_now().await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let place = places.clone().try_acquire_owned().ok();
        let (settings, to, stop) = (settings.clone(), to.clone(), stop.clone());
        tokio::spawn(async move {
            match place {
                Some(_place) => connection::run(Box::new(stream), peer, settings, to, stop).await,
                None => connection::turn_away(stream, &settings).await,
            }
        });
    }
}
