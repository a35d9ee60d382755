//! The listener: connections in, bounded in number, size and time; a stop that lets answers finish.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tower::Service;

use crate::Peer;

/// Marks requests that came over TLS to this listener.
#[derive(Debug, Clone, Copy)]
pub struct Encrypted;

/// What one client may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time; further ones wait in the system's queue.
    pub connections: usize,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Header fields of a request.
    pub head_fields: usize,
    /// Until a request's head is complete, also between two requests of one connection.
    pub head_time: Duration,
    /// Between two pieces of a body.
    pub body_pause: Duration,
    /// Until a TLS handshake is complete.
    pub handshake_time: Duration,
    /// After the stop signal, until unfinished answers are cut off.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            head_bytes: 64 * 1024,
            head_fields: 100,
            head_time: Duration::from_secs(30),
            body_pause: Duration::from_secs(30),
            handshake_time: Duration::from_secs(10),
            drain_time: Duration::from_secs(20),
        }
    }
}

/// Certificate chain and key, as read from their PEM files.
#[derive(Clone)]
pub struct Tls(Arc<rustls::ServerConfig>);

/// Why certificate or key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// No certificate in the PEM text, or a broken one.
    #[error("the certificate file holds no readable certificate (PEM)")]
    Certificate,
    /// No private key in the PEM text, or a broken one.
    #[error("the key file holds no readable private key (PEM)")]
    Key,
    /// They do not go together, or the kind is not supported.
    #[error("certificate and key cannot be used together: {0}")]
    Pair(#[from] rustls::Error),
}

impl Tls {
    /// Reads a certificate chain (leaf first) and its private key.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, TlsError> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<_, _>>()
            .map_err(|_| TlsError::Certificate)?;
        if chain.is_empty() {
            return Err(TlsError::Certificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| TlsError::Key)?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(Arc::new(config)))
    }

    /// The same certificate for another protocol on this machine.
    pub fn for_others(&self) -> Arc<rustls::ServerConfig> {
        let mut config = rustls::ServerConfig::clone(&self.0);
        config.alpn_protocols.clear();
        Arc::new(config)
    }
}

/// An open port.
pub struct Listener {
    tcp: TcpListener,
    tls: Option<TlsAcceptor>,
    limits: Limits,
}

impl Listener {
    /// Opens a port; port 0 takes a free one.
    pub async fn bind(address: SocketAddr, tls: Option<Tls>, limits: Limits) -> std::io::Result<Self> {
        let tcp = TcpListener::bind(address).await?;
        Ok(Self { tcp, tls: tls.map(|Tls(config)| TlsAcceptor::from(config)), limits })
    }

    /// The address that was taken.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// Answers requests on `listener` with `router` until `shutdown` completes; then takes no further
/// connections, lets running answers finish, and returns.
pub async fn serve(listener: Listener, router: Router, shutdown: impl Future<Output = ()>) {
    let Listener { tcp, tls, limits } = listener;
    let slots = Arc::new(Semaphore::new(limits.connections));
    let (stop, stopping) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&tcp, &slots) => accepted,
            // Finished connections are collected as they end.
            Some(_) = connections.join_next() => continue,
        };
        let Some((stream, peer, slot)) = accepted else { continue };
        let (router, tls, stopping) = (router.clone(), tls.clone(), stopping.clone());
        connections.spawn(async move {
            let _slot = slot;
            match tls {
                None => connection(stream, router, (peer, None), limits, stopping).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(limits.handshake_time, tls.accept(stream)).await {
                        connection(stream, router, (peer, Some(Encrypted)), limits, stopping).await;
                    }
                }
            }
        });
    }
    drop(tcp);
    let _ = stop.send(true);
    let drained = timeout(limits.drain_time, async { while connections.join_next().await.is_some() {} }).await;
    if drained.is_err() {
        tracing::warn!(left = connections.len(), "connections cut off at shutdown");
    }
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(tcp: &TcpListener, slots: &Arc<Semaphore>) -> Option<Accepted> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match tcp.accept().await {
        Ok((stream, peer)) => {
            let _ = stream.set_nodelay(true);
            Some((stream, peer, slot))
        }
        Err(error) => {
            // Out of file descriptors, mostly: waiting a little beats spinning.
            tracing::warn!(%error, "no connection accepted");
            sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn connection<IO: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: IO,
    router: Router,
    (peer, encrypted): (SocketAddr, Option<Encrypted>),
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Patient::new(body, limits.body_pause)));
        request.extensions_mut().insert(Peer(peer));
        if let Some(encrypted) = encrypted {
            request.extensions_mut().insert(encrypted);
        }
        router.clone().call(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_buf_size(limits.head_bytes.max(8192))
        .max_headers(limits.head_fields)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        _ = serving.as_mut() => return,
        _ = stopping.wait_for(|stop| *stop) => serving.as_mut().graceful_shutdown(),
    }
    let _ = serving.await;
}

/// A body whose sender may pause, but not for ever.
struct Patient {
    body: Incoming,
    pause: Duration,
    /// Runs while the sender is silent.
    silence: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    fn new(body: Incoming, pause: Duration) -> Self {
        Self { body, pause, silence: None }
    }
}

impl HttpBody for Patient {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                self.silence = None;
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => {
                let pause = self.pause;
                let silence = self.silence.get_or_insert_with(|| Box::pin(sleep(pause)));
                match silence.as_mut().poll(context) {
                    Poll::Ready(()) => Poll::Ready(Some(Err("the body stopped arriving".into()))),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
