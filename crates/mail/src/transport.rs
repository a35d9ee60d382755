//! The way to the next hop: one relay, or each recipient's MX hosts.

use std::sync::Arc;

use kernel::{Code, Pii, Problem};
use rustls::ClientConfig;
use url::{Host, Url};

use crate::dns::{DnsFailure, Resolver};
use crate::smtp::{Failure, Limits, Login, Outcome, Parcel, Phase, Pool, Pools, Reply, Server, Tls};

/// Why a relay's address is not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RelayError {
    /// Not `smtp://` or `smtps://` with a host.
    #[error("a relay looks like smtp://host:25, smtp://user:password@host:587 or smtps://user:password@host:465")]
    Address,
    /// A user without a password, or letters that are not percent-encoded UTF-8.
    #[error("the relay's user and password must both be given, percent-encoded")]
    Login,
}

impl From<RelayError> for Problem {
    fn from(error: RelayError) -> Self {
        Self::new(Code::InvalidInput, error.to_string())
    }
}

/// A relay, as configured.
#[derive(Debug, Clone)]
pub struct Relay {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// TLS from the first octet (`smtps://`).
    pub implicit_tls: bool,
    /// Name and password.
    pub login: Option<Login>,
}

impl Relay {
    /// Reads `smtp://[user:pass@]host[:port]` or `smtps://…`. Ports default to 25 (587 with a login) and 465.
    pub fn parse(text: &str) -> Result<Self, RelayError> {
        let url = Url::parse(text).map_err(|_| RelayError::Address)?;
        let implicit_tls = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => return Err(RelayError::Address),
        };
        let host = match url.host().ok_or(RelayError::Address)? {
            Host::Domain(name) if !name.is_empty() => name.to_owned(),
            Host::Domain(_) => return Err(RelayError::Address),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err(RelayError::Login),
            (user, Some(password)) => Some(Login {
                user: Pii::new(decoded(user).ok_or(RelayError::Login)?),
                password: Pii::new(decoded(password).ok_or(RelayError::Login)?),
            }),
        };
        let usual = match (implicit_tls, &login) {
            (true, _) => 465,
            (false, Some(_)) => 587,
            (false, None) => 25,
        };
        Ok(Self { host, port: url.port().unwrap_or(usual), implicit_tls, login })
    }

    /// Whether the relay is on this machine: mail under domains that are not verified may go there.
    pub fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    }
}

fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first == b'%' {
            let digits = std::str::from_utf8(after.get(..2)?).ok()?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &after[2..];
        } else {
            out.push(first);
            rest = after;
        }
    }
    String::from_utf8(out).ok().filter(|text| !text.contains(['\0', '\r', '\n']))
}

enum Route {
    Relay(Relay),
    Mx,
}

/// Hands messages to the next hop over shared connections.
pub struct Transport {
    route: Route,
    resolver: Resolver,
    hello: String,
    limits: Limits,
    verified: Arc<ClientConfig>,
    any: Arc<ClientConfig>,
    pools: Pools<String>,
}

impl Transport {
    /// Everything goes to `relay`. `hello` is this server's name.
    pub fn relay(relay: Relay, resolver: Resolver, hello: &str, limits: Limits) -> Result<Self, rustls::Error> {
        Self::new(Route::Relay(relay), resolver, hello, limits)
    }

    /// Everything goes to the recipient's own hosts.
    pub fn direct(resolver: Resolver, hello: &str, limits: Limits) -> Result<Self, rustls::Error> {
        Self::new(Route::Mx, resolver, hello, limits)
    }

    fn new(route: Route, resolver: Resolver, hello: &str, limits: Limits) -> Result<Self, rustls::Error> {
        Ok(Self {
            route,
            resolver,
            hello: hello.to_owned(),
            limits,
            verified: crate::smtp::verified()?,
            any: crate::smtp::accepting_any()?,
            pools: Pools::default(),
        })
    }

    /// Whether the next hop is a relay on this machine.
    pub fn is_loopback(&self) -> bool {
        matches!(&self.route, Route::Relay(relay) if relay.is_loopback())
    }

    /// Whether everything goes to one relay.
    pub const fn is_relay(&self) -> bool {
        matches!(&self.route, Route::Relay(_))
    }

    /// Hands one message over. Send many at the same time to use several connections and pipelining.
    pub async fn send(&self, parcel: Parcel) -> Outcome {
        let pool = match &self.route {
            Route::Relay(relay) => self.to_relay(relay).await,
            Route::Mx => self.to_domain(parcel.recipient.ascii_domain()).await,
        };
        match pool {
            Ok(pool) => pool.send(parcel).await,
            Err(outcome) => *outcome,
        }
    }

    /// Ends every connection after its present message; what waits is told that it was not started.
    pub fn close(&self) {
        self.pools.close();
    }

    async fn to_relay(&self, relay: &Relay) -> Result<Arc<Pool>, Box<Outcome>> {
        if let Some(pool) = self.pools.existing(&relay.host) {
            return Ok(pool);
        }
        let addresses = self.resolver.host(&relay.host).await.map_err(|_| Box::new(waits()))?;
        let tls = if relay.implicit_tls {
            Tls::Implicit(self.verified.clone())
        } else if relay.login.is_some() && !relay.is_loopback() {
            Tls::Required(self.verified.clone())
        } else {
            Tls::Opportunistic(self.any.clone())
        };
        let server = Server {
            host: relay.host.clone(),
            addresses: addresses.into_iter().map(|ip| (ip, relay.port).into()).collect(),
            hello: self.hello.clone(),
            tls,
            login: relay.login.clone(),
        };
        Ok(self.pools.get(relay.host.clone(), || Pool::new(server, self.limits)))
    }

    /// One pool per best MX host, so that the many domains of one provider share their connections.
    async fn to_domain(&self, domain: &str) -> Result<Arc<Pool>, Box<Outcome>> {
        let hosts = self.resolver.mail_hosts(domain).await.map_err(|failure| Box::new(nowhere(&failure)))?;
        let Some(best) = hosts.first() else { return Err(Box::new(waits())) };
        let name = best.name.clone();
        Ok(self.pools.get(name.clone(), || {
            let server = Server {
                host: name,
                addresses: hosts.iter().flat_map(|host| host.addresses.iter().copied()).collect(),
                hello: self.hello.clone(),
                tls: Tls::Opportunistic(self.any.clone()),
                login: None,
            };
            Pool::new(server, self.limits)
        }))
    }
}

fn waits() -> Outcome {
    Outcome::NotStarted { cause: Failure::Names }
}

/// What a server of that domain would say, if there were one.
fn nowhere(failure: &DnsFailure) -> Outcome {
    let reply = match failure {
        DnsFailure::NullMx => Reply::local(556, "5.1.10", "the domain takes no mail"),
        DnsFailure::NoDomain => Reply::local(550, "5.1.2", "there is no such domain"),
        DnsFailure::Unavailable | DnsFailure::Configuration(_) => return waits(),
    };
    Outcome::Refused { permanent: true, phase: Phase::Recipient, reply }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn relays_are_read() {
        let relay = Relay::parse("smtp://127.0.0.1:2525").unwrap();
        assert_eq!(
            (relay.host.as_str(), relay.port, relay.implicit_tls, relay.is_loopback()),
            ("127.0.0.1", 2525, false, true)
        );
        let relay = Relay::parse("smtps://u%40x:p%3Aw@mail.example.com").unwrap();
        assert_eq!((relay.port, relay.implicit_tls, relay.is_loopback()), (465, true, false));
        let login = relay.login.unwrap();
        assert_eq!((login.user.expose().as_str(), login.password.expose().as_str()), ("u@x", "p:w"));
        assert_eq!(Relay::parse("smtp://u:p@h.example").unwrap().port, 587);
        assert!(Relay::parse("smtp://[::1]:25").unwrap().is_loopback());
        for wrong in ["mail.example.com", "http://x", "smtp://", "smtp://u@h.example"] {
            assert!(Relay::parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "(smtps?://)?\\PC{0,40}") {
            let _ = Relay::parse(&text);
        }
    }
}
