//! Wake-ups over a NATS server: one subject, empty messages. Of the protocol this needs five words, so it is spoken
//! here and not by a library. The connection is made anew whenever it breaks; meanwhile nodes look by themselves.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};

use super::Wake;
use crate::{BoxFuture, Vault};

/// The longest line of a server: its greeting lists the cluster.
const LINE: u64 = 64 * 1024;
/// The longest payload that is read over: ours have none.
const PAYLOAD: u64 = 1024 * 1024;
/// How long connecting and greeting may take.
const GREET: Duration = Duration::from_secs(5);
/// After so long without a word the server is asked whether it is there.
const QUIET: Duration = Duration::from_secs(20);
/// The first and the longest pause before a new connection.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// An address that names no NATS server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected nats://host:4222 or nats://user:password@host:4222")]
pub struct BadUrl;

/// Where the server is, and as whom it is spoken to.
#[derive(Clone, PartialEq, Eq)]
struct Server {
    address: String,
    user: Option<(String, String)>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "nats://{}", self.address)
    }
}

impl Server {
    fn read(url: &str) -> Result<Self, BadUrl> {
        let rest = url.trim().strip_prefix("nats://").ok_or(BadUrl)?.trim_end_matches('/');
        let (user, host) = match rest.rsplit_once('@') {
            Some((user, host)) => (Some(user.split_once(':').ok_or(BadUrl)?), host),
            None => (None, rest),
        };
        let odd = |c: char| c.is_whitespace() || c.is_control() || "/?#@".contains(c);
        let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        if host.is_empty() || host.contains(odd) || host.starts_with(':') {
            return Err(BadUrl);
        }
        let address = if has_port { host.to_owned() } else { format!("{host}:4222") };
        Ok(Self { address, user: user.map(|(name, word)| (name.to_owned(), word.to_owned())) })
    }
}

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    /// Its greeting, or news about the cluster.
    Info,
    /// Is anybody there?
    Ping,
    /// Somebody is.
    Pong,
    /// All right.
    Fine,
    /// A message with so many octets of payload.
    Message(u64),
    /// Something is wrong.
    Wrong(String),
}

/// Reads a line of a server; none when it is no line of this protocol.
fn read(line: &str) -> Option<Said> {
    let line = line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line);
    let (word, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
    Some(match word.to_ascii_uppercase().as_str() {
        "INFO" => Said::Info,
        "PING" => Said::Ping,
        "PONG" => Said::Pong,
        "+OK" => Said::Fine,
        "-ERR" => Said::Wrong(rest.trim().trim_matches('\'').chars().take(200).collect()),
        "MSG" => {
            // MSG subject sid [reply-to] #bytes
            let parts: Vec<&str> = rest.split_whitespace().collect();
            let length = parts.last()?.parse().ok()?;
            if !(3..=4).contains(&parts.len()) || length > PAYLOAD {
                return None;
            }
            Said::Message(length)
        }
        _ => return None,
    })
}

#[derive(Default)]
struct Bells {
    /// This node committed.
    out: Notify,
    /// Another one did.
    inward: Notify,
}

/// Nodes that reach the same NATS server.
pub struct Nats {
    bells: Arc<Bells>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Wake for Nats {
    fn tell(&self) {
        self.bells.out.notify_one();
    }

    fn heard(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.bells.inward.notified())
    }
}

/// The subject of an installation: nodes with the same keys hear each other, others on the same server do not.
fn subject(vault: &Vault) -> String {
    let mark = vault.global_keys().mac("nats.subject", b"");
    format!("barid.wake.{}", data_encoding::HEXLOWER.encode(&mark))
}

impl Nats {
    /// Keeps a connection to the server, now and whenever it comes back.
    ///
    /// # Errors
    /// An address that is none. That the server cannot be reached is no error: it may be there later.
    pub fn connect(url: &str, vault: &Vault) -> Result<Self, BadUrl> {
        let (server, subject) = (Server::read(url)?, subject(vault));
        let bells = Arc::new(Bells::default());
        let task = tokio::spawn(keep(server, subject, Arc::clone(&bells)));
        Ok(Self { bells, task })
    }
}

async fn keep(server: Server, subject: String, bells: Arc<Bells>) {
    let mut pause = PAUSES.0;
    loop {
        match talk(&server, &subject, &bells, &mut pause).await {
            Ok(never) => match never {},
            Err(error) => tracing::warn!(?server, %error, "nodes wake each other later"),
        }
        sleep(pause).await;
        pause = (pause * 2).min(PAUSES.1);
    }
}

fn broken(detail: impl Into<String>) -> std::io::Error {
    std::io::Error::other(detail.into())
}

/// The next line, bounded.
async fn line(from: &mut BufReader<impl AsyncRead + Unpin>) -> std::io::Result<Said> {
    let mut bytes = Vec::new();
    let count = from.take(LINE).read_until(b'\n', &mut bytes).await?;
    if count == 0 {
        return Err(broken("the server hung up"));
    }
    if bytes.last() != Some(&b'\n') {
        return Err(broken("the server says too much"));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| broken("this is no NATS server"))?;
    read(text).ok_or_else(|| broken("this is no NATS server"))
}

async fn talk(
    server: &Server,
    subject: &str,
    bells: &Bells,
    pause: &mut Duration,
) -> std::io::Result<std::convert::Infallible> {
    let stream = timeout(GREET, TcpStream::connect(&server.address)).await.map_err(|_| broken("no answer"))??;
    stream.set_nodelay(true)?;
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    // The server greets first; what it does not echo need not be told apart.
    if timeout(GREET, line(&mut reader)).await.map_err(|_| broken("no greeting"))?? != Said::Info {
        return Err(broken("this is no NATS server"));
    }
    let mut options = json!({ "verbose": false, "pedantic": false, "echo": false, "protocol": 1, "lang": "rust",
        "name": "barid", "version": env!("CARGO_PKG_VERSION"), "tls_required": false });
    if let Some((user, word)) = &server.user {
        options["user"] = json!(user);
        options["pass"] = json!(word);
    }
    writer.write_all(format!("CONNECT {options}\r\nSUB {subject} 1\r\nPING\r\n").as_bytes()).await?;
    loop {
        match timeout(GREET, line(&mut reader)).await.map_err(|_| broken("no answer"))?? {
            Said::Pong => break,
            Said::Wrong(detail) => return Err(broken(detail)),
            _ => {}
        }
    }
    *pause = PAUSES.0;
    tracing::info!(?server, "nodes wake each other");
    // Something may have been said while nobody listened.
    bells.inward.notify_one();
    let (sender, mut said) = mpsc::channel(64);
    let hearing = hear(reader, sender);
    tokio::pin!(hearing);
    let mut asked = false;
    loop {
        tokio::select! {
            error = &mut hearing => return Err(error),
            Some(said) = said.recv() => {
                asked = false;
                match said {
                    Said::Ping => writer.write_all(b"PONG\r\n").await?,
                    Said::Message(_) => bells.inward.notify_one(),
                    Said::Wrong(detail) => return Err(broken(detail)),
                    Said::Info | Said::Pong | Said::Fine => {}
                }
            }
            () = bells.out.notified() => {
                writer.write_all(format!("PUB {subject} 0\r\n\r\n").as_bytes()).await?;
            }
            () = sleep(QUIET) => {
                if asked {
                    return Err(broken("the server is silent"));
                }
                asked = true;
                writer.write_all(b"PING\r\n").await?;
            }
        }
    }
}

/// Reads what the server says until it breaks off.
async fn hear(mut reader: BufReader<impl AsyncRead + Unpin>, to: mpsc::Sender<Said>) -> std::io::Error {
    loop {
        let said = match line(&mut reader).await {
            Ok(said) => said,
            Err(error) => return error,
        };
        if let Said::Message(length) = said {
            let mut payload = (&mut reader).take(length + 2);
            match tokio::io::copy(&mut payload, &mut tokio::io::sink()).await {
                Ok(read) if read == length + 2 => {}
                Ok(_) => return broken("the server hung up"),
                Err(error) => return error,
            }
        }
        if to.send(said).await.is_err() {
            return broken("nobody listens");
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses() {
        let read = |url| Server::read(url).map(|server| (server.address, server.user.is_some()));
        assert_eq!(read("nats://localhost"), Ok(("localhost:4222".to_owned(), false)));
        assert_eq!(read("nats://u:p@[::1]:99/"), Ok(("[::1]:99".to_owned(), true)));
        for wrong in ["", "localhost:4222", "nats://", "tls://x:1", "nats://u@x", "nats://a b", "nats://x/y"] {
            assert_eq!(read(wrong), Err(BadUrl), "{wrong}");
        }
    }

    #[test]
    fn lines() {
        assert_eq!(read("MSG barid.wake.x 1 0\r\n"), Some(Said::Message(0)));
        assert_eq!(read("msg barid.wake.x 1 reply 12\r\n"), Some(Said::Message(12)));
        assert_eq!(read("PING\r\n"), Some(Said::Ping));
        assert_eq!(read("-ERR 'Authorization Violation'\r\n"), Some(Said::Wrong("Authorization Violation".to_owned())));
        assert_eq!(read("INFO {\"server_id\":\"x\"}\r\n"), Some(Said::Info));
        for wrong in ["", "HTTP/1.1 400 Bad Request\r\n", "MSG x 1 99999999999\r\n", "MSG x\r\n"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd(text in ".{0,200}") {
            let _ = read(&text);
            let _ = Server::read(&text);
        }
    }
}
