use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::routing::{get, post};
use http_server::{ClientInfo, Limits, Listener, Options, Peer, Tls, serve};
use testkit::Fixture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::World;

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

async fn start(router: Router, limits: Limits) -> Server {
    let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), None, limits).await.unwrap();
    let address = listener.address().unwrap();
    let (stop, stopped) = oneshot::channel();
    let shutdown = async {
        let _ = stopped.await;
    };
    Server { address, stop, running: tokio::spawn(serve(listener, router, shutdown)) }
}

async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn requests_are_answered_and_running_ones_finish_at_shutdown() {
    testkit::run(async {
        let (entered, mut wait_entered) = tokio::sync::mpsc::channel::<()>(1);
        let gate = std::sync::Arc::new(tokio::sync::Notify::new());
        let inside = std::sync::Arc::clone(&gate);
        let slow = move || {
            let (entered, gate) = (entered.clone(), std::sync::Arc::clone(&inside));
            async move {
                entered.send(()).await.unwrap();
                gate.notified().await;
                "finished"
            }
        };
        let peer = |request: Request| async move { request.extensions().get::<Peer>().unwrap().0.ip().to_string() };
        let server = start(Router::new().route("/slow", get(slow)).route("/peer", get(peer)), Limits::default()).await;
        let answer = exchange(server.address, "GET /peer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");

        let address = server.address;
        let running = tokio::spawn(async move { exchange(address, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await });
        wait_entered.recv().await.unwrap();
        server.stop.send(()).unwrap();
        gate.notify_one();
        assert!(running.await.unwrap().ends_with("finished"));
        server.running.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err(), "the port is closed");
    });
}

#[test]
fn slow_and_oversized_requests_are_cut_off() {
    testkit::run(async {
        let limits = Limits {
            head_time: Duration::from_millis(50),
            body_pause: Duration::from_millis(50),
            head_bytes: 8192,
            ..Limits::default()
        };
        let server = start(Router::new().route("/", post(|body: String| async { body })), limits).await;
        let unfinished = exchange(server.address, "POST / HTTP/1.1\r\nHost: x\r\nX: ").await;
        assert!(unfinished.is_empty() || unfinished.starts_with("HTTP/1.1 408"), "{unfinished}");
        let stalled = exchange(server.address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").await;
        assert!(stalled.starts_with("HTTP/1.1 400"), "{stalled}");
        let huge = format!("POST / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "y".repeat(100_000));
        let refused = exchange(server.address, &huge).await;
        assert!(refused.is_empty() || refused.starts_with("HTTP/1.1 431"), "{refused}");
        for rubbish in ["\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n"] {
            let answer = exchange(server.address, rubbish).await;
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
        }
    });
}

#[test]
fn the_client_behind_a_trusted_proxy_is_known() {
    testkit::run(async {
        let options = Options { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..Options::default() };
        let world = World::new(Fixture::sqlite().await, options).await;
        let who = |ClientInfo(client): ClientInfo| async move { format!("{:?}", client.address) };
        let server =
            start(Router::new().route("/", get(who)).with_state(world.app.toolbox.clone()), Limits::default()).await;
        let request = "GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 1.1.1.1, 203.0.113.9\r\nConnection: close\r\n\r\n";
        assert!(exchange(server.address, request).await.ends_with("Some(203.0.113.9)"));
    });
}

#[test]
fn broken_certificates_are_explained() {
    let error = |certificates: &[u8], key: &[u8]| Tls::from_pem(certificates, key).err().unwrap().to_string();
    assert_eq!(error(b"", b""), "the certificate file holds no readable certificate (PEM)");
    assert_eq!(error(b"rubbish", b"rubbish"), "the certificate file holds no readable certificate (PEM)");
    let certificate = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(error(certificate, b""), "the key file holds no readable private key (PEM)");
}

#[test]
fn over_tls_requests_are_known_to_be_encrypted() {
    testkit::run(async {
        let certificate = include_bytes!("tls/certificate.pem");
        let tls = Tls::from_pem(certificate, include_bytes!("tls/key.pem")).unwrap();
        let world = World::new(Fixture::sqlite().await, Options::default()).await;
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), Some(tls), Limits::default()).await.unwrap();
        let address = listener.address().unwrap();
        tokio::spawn(serve(listener, world.router.clone(), std::future::pending()));

        let mut roots = rustls::RootCertStore::empty();
        roots.add(rustls_pki_types::pem::PemObject::from_pem_slice(certificate).unwrap()).unwrap();
        let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
        let stream = TcpStream::connect(address).await.unwrap();
        let mut stream = connector.connect("localhost".try_into().unwrap(), stream).await.unwrap();
        stream.write_all(b"GET /p HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("strict-transport-security:"), "{answer}");
        let plain = exchange(address, "GET /p HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(!plain.starts_with("HTTP/1.1 200"), "{plain}");
    });
}

#[test]
fn more_connections_than_allowed_wait_their_turn() {
    testkit::run(async {
        let limits = Limits { connections: 1, ..Limits::default() };
        let server = start(Router::new().route("/", get(|| async { "hello" })), limits).await;
        let mut first = TcpStream::connect(server.address).await.unwrap();
        first.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut buffer = [0; 12];
        first.read_exact(&mut buffer).await.unwrap();
        let address = server.address;
        let second =
            tokio::spawn(
                async move { exchange(address, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await },
            );
        tokio::task::yield_now().await;
        assert!(!second.is_finished());
        drop(first);
        assert!(second.await.unwrap().ends_with("hello"));
    });
}
