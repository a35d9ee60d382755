//! Opening a session: connection, greeting, EHLO, TLS, AUTH.

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64;
use kernel::Pii;
use rustls::ClientConfig;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::outcome::{Failure, Phase};
use super::reply::Reply;
use super::wire::Wire;

/// How a connection is encrypted.
#[derive(Debug, Clone)]
pub enum Tls {
    /// Never: a relay on this machine, or a test.
    Off,
    /// With STARTTLS when offered, in the clear otherwise: towards MX hosts.
    Opportunistic(Arc<ClientConfig>),
    /// With STARTTLS or not at all: submission (RFC 6409).
    Required(Arc<ClientConfig>),
    /// From the first octet: smtps (RFC 8314).
    Implicit(Arc<ClientConfig>),
}

/// Name and password for AUTH.
#[derive(Debug, Clone)]
pub struct Login {
    /// The user name.
    pub user: Pii<String>,
    /// The password.
    pub password: Pii<String>,
}

/// A server to hand messages to.
#[derive(Debug, Clone)]
pub struct Server {
    /// The name that its certificate must bear.
    pub host: String,
    /// Where it listens, tried in this order.
    pub addresses: Vec<SocketAddr>,
    /// The name we say in EHLO.
    pub hello: String,
    /// Encryption.
    pub tls: Tls,
    /// Sign-in; a password goes in the clear to a loopback address only.
    pub login: Option<Login>,
}

/// How long to wait for what. The defaults are those of RFC 5321 section 4.5.3.2.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For each address to take the connection, and for the TLS handshake.
    pub connect: Duration,
    /// For the greeting.
    pub greeting: Duration,
    /// For the reply to EHLO, STARTTLS, AUTH, MAIL, RCPT and RSET.
    pub command: Duration,
    /// For the reply to DATA.
    pub data: Duration,
    /// For each block of content to be taken.
    pub block: Duration,
    /// For the reply after the final dot.
    pub end: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        Self {
            connect: Duration::from_secs(30),
            greeting: minutes(5),
            command: minutes(5),
            data: minutes(2),
            block: minutes(3),
            end: minutes(10),
        }
    }
}

/// What the server announced (RFC 5321 section 4.1.1.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Offers {
    pub(super) pipelining: bool,
    pub(super) smtputf8: bool,
    pub(super) eight_bit: bool,
    pub(super) has_size: bool,
    /// Largest message in octets; 0 means no limit is known.
    pub(super) size: usize,
    starttls: bool,
    plain: bool,
    login: bool,
}

impl Offers {
    fn read(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines().skip(1) {
            let mut words = line.split([' ', '=']);
            match words.next().unwrap_or_default().to_ascii_uppercase().as_str() {
                "PIPELINING" => offers.pipelining = true,
                "SMTPUTF8" => offers.smtputf8 = true,
                "8BITMIME" => offers.eight_bit = true,
                "STARTTLS" => offers.starttls = true,
                "SIZE" => {
                    offers.has_size = true;
                    offers.size = words.next().and_then(|n| n.parse().ok()).unwrap_or(0);
                }
                "AUTH" => {
                    for mechanism in words {
                        offers.plain |= mechanism.eq_ignore_ascii_case("PLAIN");
                        offers.login |= mechanism.eq_ignore_ascii_case("LOGIN");
                    }
                }
                _ => {}
            }
        }
        offers
    }
}

/// A session that is ready for MAIL.
pub(super) struct Session {
    pub(super) wire: Wire,
    pub(super) offers: Offers,
    pub(super) timeouts: Timeouts,
    /// Transactions begun here.
    pub(super) handed: usize,
    /// Whether a transaction was left half-way, so that RSET must come first.
    pub(super) dirty: bool,
    /// Reused for everything that is written.
    pub(super) out: Vec<u8>,
}

impl Session {
    /// Connects and goes through the opening.
    pub(super) async fn open(server: &Server, timeouts: Timeouts) -> Result<Self, Failure> {
        let mut last = Failure::Connect(io::ErrorKind::AddrNotAvailable);
        for &address in &server.addresses {
            let result = match Self::attempt(server, address, &server.tls, timeouts).await {
                // A broken TLS on a server that need not have any: once more in the clear.
                Err(Failure::Handshake(_)) if matches!(server.tls, Tls::Opportunistic(_)) && server.login.is_none() => {
                    Self::attempt(server, address, &Tls::Off, timeouts).await
                }
                result => result,
            };
            match result {
                Ok(session) => return Ok(session),
                // A wrong password is wrong everywhere, and trying it often locks accounts.
                Err(cause @ (Failure::Session { phase: Phase::Login, .. } | Failure::NoLogin)) => return Err(cause),
                Err(cause) => last = cause,
            }
        }
        Err(last)
    }

    async fn attempt(server: &Server, address: SocketAddr, tls: &Tls, timeouts: Timeouts) -> Result<Self, Failure> {
        let stream = connect(address, timeouts.connect).await?;
        let mut wire = Wire::new(Box::new(stream));
        let mut encrypted = false;
        if let Tls::Implicit(config) = tls {
            wire = encrypt(wire, config, &server.host, timeouts.connect).await?;
            encrypted = true;
        }
        let greeting = wire.reply(Phase::Greeting, timeouts.greeting).await?;
        if !greeting.is_positive() {
            return Err(Failure::Session { phase: Phase::Greeting, reply: greeting });
        }
        let offers = Offers::default();
        let mut session = Self { wire, offers, timeouts, handed: 0, dirty: false, out: Vec::with_capacity(16 * 1024) };
        session.hello(&server.hello).await?;
        if let Tls::Opportunistic(config) | Tls::Required(config) = tls {
            if session.offers.starttls {
                let reply = session.command("STARTTLS\r\n", Phase::Tls).await?;
                if reply.is_positive() {
                    session.wire = encrypt(session.wire, config, &server.host, timeouts.connect).await?;
                    encrypted = true;
                    session.hello(&server.hello).await?;
                }
            }
            if !encrypted && matches!(tls, Tls::Required(_)) {
                return Err(Failure::NoTls);
            }
        }
        if let Some(login) = &server.login {
            if !encrypted && !address.ip().is_loopback() {
                return Err(Failure::NoTls);
            }
            session.sign_in(login).await?;
        }
        Ok(session)
    }

    async fn hello(&mut self, name: &str) -> Result<(), Failure> {
        let reply = self.command(&format!("EHLO {name}\r\n"), Phase::Hello).await?;
        if reply.is_positive() {
            self.offers = Offers::read(&reply);
            return Ok(());
        }
        if reply.is_permanent() {
            let reply = self.command(&format!("HELO {name}\r\n"), Phase::Hello).await?;
            if reply.is_positive() {
                self.offers = Offers::default();
                return Ok(());
            }
            return Err(Failure::Session { phase: Phase::Hello, reply });
        }
        Err(Failure::Session { phase: Phase::Hello, reply })
    }

    async fn sign_in(&mut self, login: &Login) -> Result<(), Failure> {
        let (user, password) = (login.user.expose(), login.password.expose());
        let mut line = String::new();
        let reply = if self.offers.plain {
            let secret = BASE64.encode(format!("\0{user}\0{password}").as_bytes());
            let _ = write!(line, "AUTH PLAIN {secret}\r\n");
            self.command(&line, Phase::Login).await?
        } else if self.offers.login {
            let mut reply = self.command("AUTH LOGIN\r\n", Phase::Login).await?;
            for secret in [user, password] {
                if reply.code != 334 {
                    break;
                }
                line.clear();
                let _ = write!(line, "{}\r\n", BASE64.encode(secret.as_bytes()));
                reply = self.command(&line, Phase::Login).await?;
            }
            reply
        } else {
            return Err(Failure::NoLogin);
        };
        if reply.code == 235 { Ok(()) } else { Err(Failure::Session { phase: Phase::Login, reply }) }
    }

    /// One command and its reply, in lock-step.
    pub(super) async fn command(&mut self, line: &str, phase: Phase) -> Result<Reply, Failure> {
        if !self.wire.is_quiet() {
            return Err(Failure::Protocol(phase));
        }
        self.wire.write(line.as_bytes(), phase, self.timeouts.block).await.map_err(|cut| cut.cause)?;
        let limit = if phase == Phase::Data { self.timeouts.data } else { self.timeouts.command };
        self.wire.reply(phase, limit).await
    }

    /// Says good-bye without waiting for the answer.
    pub(super) async fn quit(mut self) {
        let _ = self.wire.write(b"QUIT\r\n", Phase::Hello, self.timeouts.connect).await;
    }
}

async fn connect(address: SocketAddr, limit: Duration) -> Result<TcpStream, Failure> {
    match timeout(limit, TcpStream::connect(address)).await {
        Ok(Ok(stream)) => {
            // Every write here is a whole command group, so waiting for more only delays.
            let _ = stream.set_nodelay(true);
            Ok(stream)
        }
        Ok(Err(error)) => Err(Failure::Connect(error.kind())),
        Err(_) => Err(Failure::Connect(io::ErrorKind::TimedOut)),
    }
}

async fn encrypt(wire: Wire, config: &Arc<ClientConfig>, host: &str, limit: Duration) -> Result<Wire, Failure> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Failure::Handshake(error.to_string()))?;
    let stream = wire.into_stream()?;
    let handshake = TlsConnector::from(config.clone()).connect(name, stream);
    match timeout(limit, handshake).await {
        Ok(Ok(stream)) => Ok(Wire::new(Box::new(stream))),
        Ok(Err(error)) => Err(Failure::Handshake(error.to_string())),
        Err(_) => Err(Failure::Timeout(Phase::Tls)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_read_in_any_case() {
        let text = b"250-mx.example\r\n250-pipelining\r\n250-SIZE 1000\r\n250-AUTH=LOGIN plain\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 STARTTLS\r\n";
        let (reply, _) = Reply::parse(text).unwrap().unwrap();
        let offers = Offers::read(&reply);
        assert!(
            offers.pipelining && offers.smtputf8 && offers.eight_bit && offers.starttls && offers.plain && offers.login
        );
        assert_eq!((offers.has_size, offers.size), (true, 1000));
    }

    #[test]
    fn the_first_line_is_a_name_not_an_offer() {
        let (reply, _) = Reply::parse(b"250 PIPELINING\r\n").unwrap().unwrap();
        assert_eq!(Offers::read(&reply), Offers::default());
    }
}
