//! Visitors of a chat, many at once: what `bench/run.sh chat` measures Barid and its peers with.
//!
//! `chat_load JSON` opens connections from several loopback addresses, says so on standard output, waits for a line on
//! standard input, does what its `mode` says, and prints one JSON document:
//!
//! * `idle`: nothing; the connections stay until another line comes.
//! * `rate`: so many messages a second from the other side, and how long each took to arrive.
//! * `storm`: all connections break at once; messages are sent meanwhile; all come back; who missed or doubled anything.

#![expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock and its own arguments")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a measurement that cannot run says so and ends")]

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value as Json, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::io::{AsyncRead, AsyncWrite, ReadHalf, WriteHalf};
use tokio::net::TcpSocket;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Connections under way at the same time.
const TOGETHER: usize = 200;

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Peer {
    Barid,
    Ws,
    SocketIo,
    Nchan,
}

/// A connection, whatever carries it.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Mode {
    Idle,
    Rate,
    Storm,
}

#[derive(Deserialize)]
struct Options {
    peer: Peer,
    mode: Mode,
    target: SocketAddr,
    #[serde(default)]
    widget: String,
    #[serde(default)]
    keys: Vec<String>,
    connections: usize,
    /// The server's certificate (a PEM file) when it speaks TLS.
    #[serde(default)]
    certificate: Option<String>,
    /// The number of the first loopback address to call from.
    #[serde(default = "one")]
    first_source: u32,
    #[serde(default = "twenty")]
    per_source: usize,
    /// The number of this process's first visitor, for peers.
    #[serde(default)]
    first: usize,
    #[serde(default)]
    rate: u64,
    #[serde(default)]
    seconds: u64,
    /// Conversations that get a message during a storm.
    #[serde(default)]
    messages: usize,
}

const fn one() -> u32 {
    1
}

const fn twenty() -> usize {
    20
}

/// A visitor: who they are, and what arrived.
struct Visitor {
    number: usize,
    source: Ipv4Addr,
    token: String,
    conversation: String,
    last: AtomicU64,
    got: AtomicUsize,
}

struct World {
    options: Options,
    begun: Instant,
    latencies: Mutex<Vec<u64>>,
    tls: Option<TlsConnector>,
}

/// What trusts this certificate and no other one.
fn trusting(path: &str) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).expect("a certificate file") {
        roots.add(certificate.expect("a certificate")).expect("a certificate");
    }
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

impl World {
    async fn dial(&self, source: Ipv4Addr) -> Box<dyn Wire> {
        for _ in 0..50 {
            let socket = TcpSocket::new_v4().unwrap();
            socket.bind(SocketAddr::V4(SocketAddrV4::new(source, 0))).expect("a loopback address");
            if let Ok(stream) = socket.connect(self.options.target).await {
                stream.set_nodelay(true).unwrap();
                let Some(tls) = &self.tls else { return Box::new(stream) };
                let name = ServerName::try_from("localhost").unwrap();
                return Box::new(tls.connect(name, stream).await.expect("a TLS handshake"));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the server takes no connections")
    }

    /// A request and its JSON answer.
    async fn ask(&self, stream: &mut BufReader<Box<dyn Wire>>, path: &str, auth: &str, body: &Json) -> Json {
        let body = body.to_string();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\n{auth}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.get_mut().write_all(head.as_bytes()).await.unwrap();
        let (mut length, mut status) = (0, String::new());
        loop {
            let mut line = String::new();
            stream.read_line(&mut line).await.unwrap();
            if status.is_empty() {
                status.clone_from(&line);
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
            assert!(!line.is_empty(), "{path}: the answer breaks off");
        }
        let mut answer = vec![0; length];
        stream.read_exact(&mut answer).await.unwrap();
        assert!(status.contains(" 20"), "{path}: {status}{}", String::from_utf8_lossy(&answer));
        serde_json::from_slice(&answer).unwrap_or_default()
    }

    async fn visitor(&self, number: usize) -> Visitor {
        let index = self.options.first_source + u32::try_from(number / self.options.per_source).unwrap();
        let source = Ipv4Addr::from(0x7f01_0000 + index);
        let mut visitor = Visitor {
            number: self.options.first + number,
            source,
            token: String::new(),
            conversation: String::new(),
            last: AtomicU64::new(0),
            got: AtomicUsize::new(0),
        };
        if self.options.peer == Peer::Barid {
            let mut stream = BufReader::new(self.dial(source).await);
            let path = |what: &str| format!("/w/chat/{}/{what}", self.options.widget);
            let opened = self.ask(&mut stream, &path("session"), "", &json!({})).await;
            visitor.token = opened["token"].as_str().unwrap().to_owned();
            if self.options.mode != Mode::Idle {
                let auth = format!("authorization: Bearer {}\r\n", visitor.token);
                let begun = self.ask(&mut stream, &path("start"), &auth, &json!({ "client_id": "s" })).await;
                begun["conversation"]["id"].as_str().unwrap().clone_into(&mut visitor.conversation);
            }
        }
        visitor
    }

    async fn upgrade(&self, source: Ipv4Addr, path: &str, auth: &str) -> Line {
        let mut stream = self.dial(source).await;
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\n{auth}connection: Upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let end = loop {
            let mut part = [0; 2048];
            let read = stream.read(&mut part).await.unwrap();
            assert!(read > 0, "the upgrade breaks off: {}", String::from_utf8_lossy(&rest));
            rest.extend_from_slice(&part[..read]);
            if let Some(end) = rest.windows(4).position(|part| part == b"\r\n\r\n") {
                break end + 4;
            }
        };
        assert!(rest.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&rest));
        rest.drain(..end);
        let (reader, writer) = tokio::io::split(stream);
        Line { reader, writer, rest, control: None }
    }

    /// A connection that is ready to hear.
    async fn connect(&self, visitor: &Visitor) -> Line {
        let number = visitor.number;
        match self.options.peer {
            Peer::Barid => {
                let after = visitor.last.load(Ordering::Relaxed);
                let path = format!("/w/chat/{}/ws?after={after}", self.options.widget);
                let auth = format!("authorization: Bearer {}\r\n", visitor.token);
                let mut line = self.upgrade(visitor.source, &path, &auth).await;
                loop {
                    let text = line.text().await.expect("it is told where it stands");
                    self.hears(visitor, &text);
                    if text.contains("\"type\":\"ready\"") {
                        return line;
                    }
                }
            }
            Peer::Ws => {
                let mut line = self.upgrade(visitor.source, "/", "").await;
                line.say(&format!("{{\"join\":{number}}}")).await;
                line.text().await.expect("it is let in");
                line
            }
            Peer::Nchan => self.upgrade(visitor.source, &format!("/sub/{number}"), "").await,
            Peer::SocketIo => {
                let path = "/socket.io/?EIO=4&transport=websocket";
                let mut line = self.upgrade(visitor.source, path, "").await;
                line.text().await.expect("the engine opens");
                line.say("40").await;
                line.text().await.expect("the namespace opens");
                line.say(&format!("42[\"join\",{number}]")).await;
                line.text().await.expect("it is let in");
                line
            }
        }
    }

    /// Takes what arrived: its number, and when it left.
    fn hears(&self, visitor: &Visitor, text: &str) {
        let number = |mark: &str| -> Option<u64> {
            let rest = &text[text.find(mark)? + mark.len()..];
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            rest[..end].parse().ok()
        };
        if let (true, Some(seq)) = (text.contains("\"type\":\"event\""), number("\"seq\":")) {
            visitor.last.fetch_max(seq, Ordering::Relaxed);
        }
        if let Some(left) = number("t:") {
            visitor.got.fetch_add(1, Ordering::Relaxed);
            let took = (self.begun.elapsed().as_micros() as u64).saturating_sub(left);
            self.latencies.lock().unwrap().push(took);
        }
    }

    fn mark(&self) -> String {
        format!("t:{}", self.begun.elapsed().as_micros())
    }
}

/// A WebSocket.
struct Line {
    reader: ReadHalf<Box<dyn Wire>>,
    writer: WriteHalf<Box<dyn Wire>>,
    rest: Vec<u8>,
    control: Option<Vec<u8>>,
}

impl Line {
    async fn frame(&mut self, opcode: u8, payload: &[u8]) -> bool {
        let mut out = vec![0x80 | opcode];
        let length = u16::try_from(payload.len()).unwrap();
        if length < 126 {
            out.push(0x80 | length as u8);
        } else {
            // Sixteen bits of length follow; the highest bit says that a mask does, too.
            out.push(0xfe);
            out.extend_from_slice(&length.to_be_bytes());
        }
        // A mask of zeros leaves the payload as it is.
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(payload);
        self.writer.write_all(&out).await.is_ok()
    }

    async fn say(&mut self, text: &str) {
        assert!(self.frame(1, text.as_bytes()).await, "the connection broke");
    }

    fn whole(&mut self) -> Option<(u8, Vec<u8>)> {
        let (opcode, short) = (self.rest.first()? & 0x0f, usize::from(self.rest.get(1)? & 0x7f));
        let (head, length) = match short {
            126 => (4, usize::from(u16::from_be_bytes(self.rest.get(2..4)?.try_into().ok()?))),
            127 => (10, u64::from_be_bytes(self.rest.get(2..10)?.try_into().ok()?) as usize),
            length => (2, length),
        };
        let payload = self.rest.get(head..head + length)?.to_vec();
        self.rest.drain(..head + length);
        Some((opcode, payload))
    }

    /// The next words; pings of both kinds are answered on the way.
    async fn text(&mut self) -> Option<String> {
        loop {
            if let Some(payload) = self.control.take() {
                self.frame(10, &payload).await;
            }
            match self.whole() {
                Some((1, payload)) => {
                    let text = String::from_utf8(payload).ok()?;
                    if text == "2" {
                        // Engine.IO's own ping.
                        self.frame(1, b"3").await;
                        continue;
                    }
                    return Some(text);
                }
                Some((9, payload)) => self.control = Some(payload),
                Some((8, _)) => return None,
                Some(_) => {}
                None => {
                    let mut part = [0; 4096];
                    match self.reader.read(&mut part).await {
                        Ok(read @ 1..) => self.rest.extend_from_slice(&part[..read]),
                        _ => return None,
                    }
                    // Idle connections keep nothing of what passed.
                    if self.rest.is_empty() {
                        self.rest.shrink_to_fit();
                    }
                }
            }
        }
    }
}

/// Somebody who writes to visitors.
enum Writer {
    Api(BufReader<Box<dyn Wire>>, String),
    Line(Line),
}

impl Writer {
    async fn new(world: &World, number: usize) -> Self {
        let source = Ipv4Addr::LOCALHOST;
        match world.options.peer {
            Peer::Barid => {
                let key = &world.options.keys[number % world.options.keys.len()];
                let auth = format!("authorization: Bearer {key}\r\n");
                Self::Api(BufReader::new(world.dial(source).await), auth)
            }
            Peer::Nchan => Self::Api(BufReader::new(world.dial(source).await), String::new()),
            Peer::Ws => Self::Line(world.upgrade(source, "/", "").await),
            Peer::SocketIo => {
                let mut line = world.upgrade(source, "/socket.io/?EIO=4&transport=websocket", "").await;
                line.text().await.expect("the engine opens");
                line.say("40").await;
                line.text().await.expect("the namespace opens");
                Self::Line(line)
            }
        }
    }

    async fn write(&mut self, world: &World, to: &Visitor) {
        let mark = world.mark();
        match self {
            Self::Api(stream, _) if world.options.peer == Peer::Nchan => {
                world.ask(stream, &format!("/pub/{}", to.number), "", &json!({ "text": mark })).await;
            }
            Self::Api(stream, auth) => {
                let path = format!("/v1/conversations/{}/events", to.conversation);
                world.ask(stream, &path, auth, &json!({ "kind": "message", "text": mark })).await;
            }
            Self::Line(line) => {
                let text = match world.options.peer {
                    Peer::SocketIo => format!("42[\"to\",{},\"{mark}\"]", to.number),
                    _ => format!("{{\"to\":{},\"text\":\"{mark}\"}}", to.number),
                };
                line.say(&text).await;
            }
        }
    }
}

/// Opens all connections; each is heard by a task of its own.
async fn open(world: &Arc<World>, visitors: &[Arc<Visitor>]) -> tokio::task::JoinSet<()> {
    let (places, ready) = (Arc::new(Semaphore::new(TOGETHER)), Arc::new(Semaphore::new(0)));
    let mut tasks = tokio::task::JoinSet::new();
    for visitor in visitors {
        let (world, visitor) = (Arc::clone(world), Arc::clone(visitor));
        let (places, ready) = (Arc::clone(&places), Arc::clone(&ready));
        tasks.spawn(async move {
            let place = places.acquire().await.unwrap();
            let mut line = world.connect(&visitor).await;
            drop(place);
            ready.add_permits(1);
            while let Some(text) = line.text().await {
                world.hears(&visitor, &text);
            }
        });
    }
    let all = u32::try_from(visitors.len()).unwrap();
    let _all = ready.acquire_many(all).await.unwrap();
    tasks
}

/// Says how far it is, and waits to be told to go on.
async fn said(event: Json) {
    println!("{event}");
    let line = tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new()));
    line.await.unwrap().unwrap();
}

fn spread(mut all: Vec<u64>) -> Json {
    all.sort_unstable();
    let at = |part: f64| all.get(((all.len() as f64 * part) as usize).min(all.len().saturating_sub(1))).copied();
    let shown = |part| at(part).map(|micros| micros as f64 / 1000.0);
    json!({ "arrived": all.len(), "p50_ms": shown(0.5), "p99_ms": shown(0.99), "worst_ms": shown(1.0) })
}

/// Messages at an even pace; how long each took to arrive.
async fn rate(world: &Arc<World>, visitors: &[Arc<Visitor>]) -> Json {
    const WRITERS: u64 = 16;
    world.latencies.lock().unwrap().clear();
    let (per_writer, seconds) = (world.options.rate as f64 / WRITERS as f64, world.options.seconds);
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..WRITERS as usize {
        let (world, visitors) = (Arc::clone(world), visitors.to_vec());
        writers.spawn(async move {
            let mut writer = Writer::new(&world, number).await;
            let begun = Instant::now() + Duration::from_secs_f64(number as f64 / (WRITERS as f64 * per_writer));
            let mut sent = 0_usize;
            loop {
                let due = begun + Duration::from_secs_f64(sent as f64 / per_writer);
                if due.saturating_duration_since(begun) >= Duration::from_secs(seconds) {
                    return sent;
                }
                tokio::time::sleep_until(due.into()).await;
                let to = &visitors[(sent * WRITERS as usize + number) % visitors.len()];
                writer.write(&world, to).await;
                sent += 1;
            }
        });
    }
    let sent: usize = writers.join_all().await.into_iter().sum();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut out = spread(std::mem::take(&mut *world.latencies.lock().unwrap()));
    out["sent"] = json!(sent);
    out
}

/// Everybody is cut off, something is said meanwhile, everybody comes back.
async fn storm(world: &Arc<World>, visitors: &[Arc<Visitor>], mut lines: tokio::task::JoinSet<()>) -> Json {
    lines.abort_all();
    while lines.join_next().await.is_some() {}
    let written = if world.options.peer == Peer::Barid { world.options.messages.min(visitors.len()) } else { 0 };
    let mut writer = Writer::new(world, 0).await;
    for (number, visitor) in visitors.iter().take(written).enumerate() {
        if number % 40 == 0 {
            // Each key may ask fifty times a second.
            writer = Writer::new(world, number / 40).await;
        }
        writer.write(world, visitor).await;
    }
    let begun = Instant::now();
    let _lines = open(world, visitors).await;
    let seconds = begun.elapsed().as_secs_f64();
    let got = |number: usize| visitors[number].got.load(Ordering::Relaxed);
    let missed = (0..written).filter(|number| got(*number) == 0).count();
    let doubled = (0..visitors.len()).filter(|number| got(*number) > usize::from(*number < written)).count();
    json!({ "seconds": seconds, "written": written, "missed": missed, "doubled": doubled })
}

#[tokio::main]
async fn main() {
    let options = std::env::args().nth(1).expect("options as JSON");
    let options: Options = serde_json::from_str(&options).expect("options as JSON");
    let (count, mode) = (options.connections, options.mode);
    let tls = options.certificate.as_deref().map(trusting);
    let world = Arc::new(World { options, begun: Instant::now(), latencies: Mutex::default(), tls });
    let places = Arc::new(Semaphore::new(TOGETHER));
    let mut making = Vec::with_capacity(count);
    for number in 0..count {
        let (world, places) = (Arc::clone(&world), Arc::clone(&places));
        making.push(tokio::spawn(async move {
            let _place = places.acquire().await.unwrap();
            Arc::new(world.visitor(number).await)
        }));
    }
    let mut visitors = Vec::with_capacity(count);
    for made in making {
        visitors.push(made.await.unwrap());
    }
    said(json!({ "event": "known" })).await;
    let begun = Instant::now();
    let lines = open(&world, &visitors).await;
    said(json!({ "event": "connected", "seconds": begun.elapsed().as_secs_f64() })).await;
    let result = match mode {
        Mode::Idle => json!({}),
        Mode::Rate => rate(&world, &visitors).await,
        Mode::Storm => storm(&world, &visitors, lines).await,
    };
    println!("{result}");
}
