//! Looking hosts up: where a domain takes mail (RFC 5321 section 5.1, null MX of RFC 7505), and the
//! TXT records that prove a sending domain.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{RData, RecordType};
use kernel::{Code, Problem, Rng};

/// Most MX hosts that are considered; further ones only cost time.
const HOSTS: usize = 10;

/// Why a look-up gave nothing to work with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DnsFailure {
    /// The domain does not exist, or has neither MX nor addresses: no mail can ever reach it.
    #[error("the domain does not exist or takes no mail")]
    NoDomain,
    /// The domain says that it takes no mail (RFC 7505): enhanced code 5.1.10.
    #[error("the domain declares that it takes no mail (null MX)")]
    NullMx,
    /// The name servers did not answer usefully; try later.
    #[error("the name servers did not answer")]
    Unavailable,
    /// The resolver cannot be set up.
    #[error("the resolver cannot be set up: {0}")]
    Configuration(String),
}

impl DnsFailure {
    /// Whether trying again later is pointless.
    pub const fn is_permanent(&self) -> bool {
        matches!(self, Self::NoDomain | Self::NullMx)
    }

    /// The problem to show to the operator.
    pub fn problem(&self) -> Problem {
        Problem::new(Code::Unavailable, self.to_string())
    }
}

/// Who looks up TXT records: the resolver, or a table in tests.
pub trait Texts: Send + Sync {
    /// The TXT records of a name; empty when there are none.
    fn texts<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<String>, DnsFailure>>;
}

impl Texts for Resolver {
    fn texts<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Vec<String>, DnsFailure>> {
        Box::pin(self.texts(name))
    }
}

/// A host that takes a domain's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailHost {
    /// Its name, without the final dot.
    pub name: String,
    /// Where it listens.
    pub addresses: Vec<SocketAddr>,
}

/// A caching resolver.
#[derive(Clone)]
pub struct Resolver {
    inner: TokioResolver,
    mx_port: u16,
    rng: Arc<dyn Rng>,
}

impl Resolver {
    /// A resolver that asks `server`, or the machine's configured ones. `mx_port` is where MX hosts
    /// listen: 25, except in tests.
    pub fn new(server: Option<SocketAddr>, mx_port: u16, rng: Arc<dyn Rng>) -> Result<Self, DnsFailure> {
        let configuration = |error: NetError| DnsFailure::Configuration(error.to_string());
        let mut builder = match server {
            None => TokioResolver::builder_tokio().map_err(configuration)?,
            Some(server) => {
                let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()]
                    .into_iter()
                    .map(|mut connection| {
                        connection.port = server.port();
                        connection
                    })
                    .collect();
                let config =
                    ResolverConfig::from_name_servers(vec![NameServerConfig::new(server.ip(), true, connections)]);
                TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        let options = builder.options_mut();
        options.timeout = Duration::from_secs(5);
        options.attempts = 2;
        options.try_tcp_on_error = true;
        Ok(Self { inner: builder.build().map_err(configuration)?, mx_port, rng })
    }

    /// The hosts that take mail for `domain` (A-label), best first; equal preferences in random order.
    /// A domain without MX takes mail itself (RFC 5321 section 5.1).
    pub async fn mail_hosts(&self, domain: &str) -> Result<Vec<MailHost>, DnsFailure> {
        let records = match self.records(domain, RecordType::MX).await {
            Ok(records) => records,
            Err(Nothing::Record) => Vec::new(),
            Err(Nothing::Domain) => return Err(DnsFailure::NoDomain),
            Err(Nothing::Answer) => return Err(DnsFailure::Unavailable),
        };
        let mut exchanges: Vec<(u16, String)> = records
            .into_iter()
            .filter_map(|data| match data {
                RData::MX(mx) => Some((mx.preference, mx.exchange.to_ascii().trim_end_matches('.').to_owned())),
                _ => None,
            })
            .collect();
        if exchanges.is_empty() {
            exchanges.push((0, domain.to_owned()));
        } else if exchanges.iter().all(|(_, name)| name.is_empty()) {
            return Err(DnsFailure::NullMx);
        }
        exchanges.retain(|(_, name)| !name.is_empty());
        order(&mut exchanges, self.rng.as_ref());
        let mut hosts = Vec::new();
        let mut waits = false;
        for (_, name) in exchanges.into_iter().take(HOSTS) {
            match self.addresses(&name).await {
                Ok(addresses) => hosts.push(MailHost { name, addresses }),
                Err(DnsFailure::Unavailable) => waits = true,
                Err(_) => {}
            }
        }
        match (hosts.is_empty(), waits) {
            (false, _) => Ok(hosts),
            (true, true) => Err(DnsFailure::Unavailable),
            (true, false) => Err(DnsFailure::NoDomain),
        }
    }

    /// The addresses of a host at the MX port, IPv4 first.
    pub async fn addresses(&self, host: &str) -> Result<Vec<SocketAddr>, DnsFailure> {
        let found = self.host(host).await?;
        Ok(found.into_iter().map(|ip| SocketAddr::new(ip, self.mx_port)).collect())
    }

    /// The addresses of a host (or the one that is written out), IPv4 first.
    pub async fn host(&self, host: &str) -> Result<Vec<IpAddr>, DnsFailure> {
        if let Ok(ip) = host.parse::<IpAddr>() {
            return Ok(vec![ip]);
        }
        let mut found = Vec::new();
        let mut waits = false;
        for kind in [RecordType::A, RecordType::AAAA] {
            match self.records(host, kind).await {
                Ok(records) => found.extend(records.into_iter().filter_map(|data| data.ip_addr())),
                Err(Nothing::Answer) => waits = true,
                Err(Nothing::Record | Nothing::Domain) => {}
            }
        }
        match (found.is_empty(), waits) {
            (false, _) => Ok(found),
            (true, true) => Err(DnsFailure::Unavailable),
            (true, false) => Err(DnsFailure::NoDomain),
        }
    }

    /// The TXT records of a name, each with its strings joined (RFC 7208 section 3.3); empty when there are none.
    /// Asked afresh each time, because somebody is waiting for a record just published.
    pub async fn texts(&self, name: &str) -> Result<Vec<String>, DnsFailure> {
        self.forget(name, RecordType::TXT);
        match self.records(name, RecordType::TXT).await {
            Ok(records) => Ok(records
                .into_iter()
                .filter_map(|data| match data {
                    RData::TXT(txt) => Some(String::from_utf8_lossy(&txt.txt_data.concat()).into_owned()),
                    _ => None,
                })
                .collect()),
            Err(Nothing::Record | Nothing::Domain) => Ok(Vec::new()),
            Err(Nothing::Answer) => Err(DnsFailure::Unavailable),
        }
    }

    /// The names in a domain's MX records, asked afresh; empty when there are none.
    pub async fn exchanges(&self, name: &str) -> Result<Vec<String>, DnsFailure> {
        self.forget(name, RecordType::MX);
        match self.records(name, RecordType::MX).await {
            Ok(records) => Ok(records
                .into_iter()
                .filter_map(|data| match data {
                    RData::MX(mx) => Some(mx.exchange.to_ascii().trim_end_matches('.').to_ascii_lowercase()),
                    _ => None,
                })
                .collect()),
            Err(Nothing::Record | Nothing::Domain) => Ok(Vec::new()),
            Err(Nothing::Answer) => Err(DnsFailure::Unavailable),
        }
    }

    fn forget(&self, name: &str, kind: RecordType) {
        self.inner.clear_lookup_cache(format!("{}.", name.trim_end_matches('.')), kind);
    }

    async fn records(&self, name: &str, kind: RecordType) -> Result<Vec<RData>, Nothing> {
        // The final dot keeps the machine's search domains out.
        match self.inner.lookup(format!("{}.", name.trim_end_matches('.')), kind).await {
            Ok(found) => Ok(found
                .answers()
                .iter()
                .map(|record| record.data.clone())
                .filter(|data| data.record_type() == kind)
                .collect()),
            Err(NetError::Dns(DnsError::NoRecordsFound(none))) => Err(match none.response_code {
                ResponseCode::NXDomain => Nothing::Domain,
                ResponseCode::NoError => Nothing::Record,
                _ => Nothing::Answer,
            }),
            Err(_) => Err(Nothing::Answer),
        }
    }
}

/// What was missing.
enum Nothing {
    Record,
    Domain,
    Answer,
}

/// Sorts by preference, and at random within one preference, to spread load (RFC 5321 section 5.1).
fn order(exchanges: &mut [(u16, String)], rng: &dyn Rng) {
    for last in (1..exchanges.len()).rev() {
        let mut octets = [0; 8];
        rng.fill(&mut octets);
        exchanges.swap(last, (u64::from_le_bytes(octets) % (last as u64 + 1)) as usize);
    }
    exchanges.sort_by_key(|(preference, _)| *preference);
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(std::sync::atomic::AtomicU64);

    impl Rng for Counting {
        fn fill(&self, buffer: &mut [u8]) {
            let n = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let mixed = n.wrapping_mul(0x5851_f42d_4c95_7f2d).rotate_left(29) >> 7;
            buffer.copy_from_slice(&mixed.to_le_bytes()[..buffer.len()]);
        }
    }

    #[test]
    fn preference_decides_and_chance_among_equals() {
        let rng = Counting(7.into());
        let mut firsts = std::collections::HashSet::new();
        for _ in 0..40 {
            let mut exchanges = vec![(20, "c".to_owned()), (10, "a".to_owned()), (10, "b".to_owned())];
            order(&mut exchanges, &rng);
            assert_eq!(exchanges[2].1, "c");
            firsts.insert(exchanges[0].1.clone());
        }
        assert_eq!(firsts.len(), 2);
    }
}
