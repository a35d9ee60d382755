//! A scripted SMTP server: well-behaved unless told otherwise.

use std::net::SocketAddr;
use std::sync::Arc;

use parking_lot::Mutex;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// How the server behaves.
#[derive(Clone, Default)]
pub struct Script {
    /// Announce PIPELINING.
    pub pipelining: bool,
    /// Announce it, but forget whatever arrived together with a command.
    pub lies: bool,
    /// Replies instead of the ordinary ones, for the first transactions: to MAIL, RCPT, DATA, the final dot.
    pub replies: Vec<[&'static str; 4]>,
    /// Never answer at this point: "greeting", "mail", "data", "final".
    pub hang: &'static str,
    /// Close at this point: "mail", "content" (in the middle of it), "final".
    pub drop: &'static str,
    /// More lines of EHLO.
    pub offers: Vec<&'static str>,
    /// Offer or begin with TLS.
    pub tls: bool,
    /// Say something nobody asked for after 354 or the final dot.
    pub chatter: &'static str,
    /// Refuse EHLO.
    pub helo_only: bool,
}

/// What the server saw.
#[derive(Default)]
pub struct Seen {
    pub connections: usize,
    pub commands: Vec<String>,
    pub messages: Vec<Vec<u8>>,
    pub encrypted: usize,
    /// The most commands that arrived in one read.
    pub together: usize,
}

pub struct Sink {
    pub address: SocketAddr,
    pub seen: Arc<Mutex<Seen>>,
}

pub fn server_tls() -> Arc<rustls::ServerConfig> {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("fixtures/localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("fixtures/localhost.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    Arc::new(config)
}

pub fn trusted() -> Arc<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(include_bytes!("fixtures/localhost.pem")).unwrap()).unwrap();
    mail::smtp::verified_by(roots).unwrap()
}

impl Sink {
    pub async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let script = Arc::new(Mutex::new(script));
        let shared = seen.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().connections += 1;
                let mut conversation =
                    Conversation { script: script.clone(), seen: shared.clone(), unread: Vec::new() };
                tokio::spawn(async move { conversation.run(Box::new(stream)).await });
            }
        });
        Self { address, seen }
    }

    pub fn messages(&self) -> Vec<String> {
        self.seen.lock().messages.iter().map(|m| String::from_utf8_lossy(m).into_owned()).collect()
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct Conversation {
    script: Arc<Mutex<Script>>,
    seen: Arc<Mutex<Seen>>,
    unread: Vec<u8>,
}

async fn forever() {
    std::future::pending::<()>().await;
}

impl Conversation {
    async fn line(&mut self, stream: &mut Box<dyn Stream>, lies: bool) -> Option<String> {
        loop {
            if let Some(end) = self.unread.iter().position(|&b| b == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                if lies {
                    self.unread.clear();
                }
                return Some(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            self.unread.reserve(1 << 16);
            if stream.read_buf(&mut self.unread).await.ok()? == 0 {
                return None;
            }
            let count = String::from_utf8_lossy(&self.unread).matches('\n').count();
            let mut seen = self.seen.lock();
            seen.together = seen.together.max(count);
        }
    }

    async fn content(&mut self, stream: &mut Box<dyn Stream>, stops: bool) -> Option<Vec<u8>> {
        loop {
            let text = [b"\r\n".as_slice(), &self.unread].concat();
            if stops && !self.unread.is_empty() {
                return None;
            }
            if let Some(end) = text.windows(5).position(|w| w == b"\r\n.\r\n") {
                let message: Vec<u8> = self.unread.drain(..end + 3).collect();
                let message = String::from_utf8_lossy(&message[..end]).replace("\r\n..", "\r\n.");
                return Some(message.into_bytes());
            }
            if stream.read_buf(&mut self.unread).await.ok()? == 0 {
                return None;
            }
        }
    }

    async fn run(&mut self, mut stream: Box<dyn Stream>) -> Option<()> {
        let script = self.script.lock().clone();
        if script.hang == "greeting" {
            forever().await;
        }
        stream.write_all(b"220-sink\r\n220 ready\r\n").await.ok()?;
        let mut replies = [""; 4];
        let mut open = false;
        let mut encrypted = false;
        loop {
            let line = self.line(&mut stream, script.lies).await?;
            self.seen.lock().commands.push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let answer = |given: &'static str, usual: &'static str| if given.is_empty() { usual } else { given };
            let reply = match verb.as_str() {
                "EHLO" if script.helo_only => "502 no\r\n".to_owned(),
                "EHLO" => {
                    let mut offers = script.offers.clone();
                    if script.pipelining || script.lies {
                        offers.push("PIPELINING");
                    }
                    if script.tls && !encrypted {
                        offers.push("STARTTLS");
                    }
                    offers.iter().fold("250-sink\r\n".to_owned(), |all, o| all + "250-" + o + "\r\n") + "250 HELP\r\n"
                }
                "STARTTLS" => {
                    stream.write_all(b"220 go\r\n").await.ok()?;
                    stream = Box::new(tokio_rustls::TlsAcceptor::from(server_tls()).accept(stream).await.ok()?);
                    encrypted = true;
                    self.seen.lock().encrypted += 1;
                    continue;
                }
                "AUTH" if line.to_ascii_uppercase().starts_with("AUTH LOGIN") => {
                    for prompt in ["334 VXNlcm5hbWU6\r\n", "334 UGFzc3dvcmQ6\r\n"] {
                        stream.write_all(prompt.as_bytes()).await.ok()?;
                        let line = self.line(&mut stream, false).await?;
                        self.seen.lock().commands.push(line);
                    }
                    "235 ok\r\n".to_owned()
                }
                "AUTH" if line.ends_with("AHUAcA==") => "235 ok\r\n".to_owned(),
                "AUTH" => "535 5.7.8 no\r\n".to_owned(),
                "MAIL" => {
                    match script.hang {
                        "mail" => forever().await,
                        _ if script.drop == "mail" => return None,
                        _ => {}
                    }
                    {
                        let mut script = self.script.lock();
                        replies = if script.replies.is_empty() { [""; 4] } else { script.replies.remove(0) };
                    }
                    open = !replies[0].starts_with(['4', '5']);
                    answer(replies[0], "250 2.1.0 ok\r\n").to_owned()
                }
                "RCPT" => answer(replies[1], if open { "250 2.1.5 ok\r\n" } else { "503 no\r\n" }).to_owned(),
                "DATA" => {
                    if script.hang == "data" {
                        forever().await;
                    }
                    let refused = !open || replies[1].starts_with(['4', '5']);
                    let reply = answer(replies[2], if refused { "554 5.5.1 no\r\n" } else { "354 go\r\n" });
                    stream.write_all(reply.as_bytes()).await.ok()?;
                    if !reply.starts_with("354") {
                        continue;
                    }
                    let message = self.content(&mut stream, script.drop == "content").await?;
                    match script.hang {
                        "final" => forever().await,
                        _ if script.drop == "final" => return None,
                        _ => {}
                    }
                    let reply =
                        answer(replies[3], if refused { "554 5.5.1 no recipients\r\n" } else { "250 2.0.0 kept\r\n" });
                    if reply.starts_with('2') {
                        self.seen.lock().messages.push(message);
                    }
                    if script.lies {
                        self.unread.clear();
                    }
                    reply.to_owned() + script.chatter
                }
                "QUIT" => {
                    let _ = stream.write_all(b"221 bye\r\n").await;
                    return None;
                }
                _ => "250 2.0.0 ok\r\n".to_owned(),
            };
            stream.write_all(reply.as_bytes()).await.ok()?;
            if reply.starts_with("421") {
                return None;
            }
        }
    }
}
