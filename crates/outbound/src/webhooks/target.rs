//! Which hosts may be contacted: the guard against server-side request forgery.
//!
//! Barid contacts no host that its operator did not name, so the [`Policy`] lists the hosts one by
//! one; `*` stands for every host with a public address. Names are resolved by this module's own
//! step, every address is judged, and the connection goes to an address that was judged: a name
//! that changes its mind between check and use changes nothing.

use std::collections::HashSet;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use store::BoxFuture;
use url::{Host, Url};

/// The longest URL.
const LONGEST: usize = 2048;

/// Why a URL or an address may not be contacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Blocked {
    /// Not a URL, or longer than 2048 octets.
    #[error("not a URL such as https://example.com/hook (at most 2048 characters)")]
    Malformed,
    /// Another scheme than http and https.
    #[error("only http and https URLs can be called")]
    Scheme,
    /// A user name or password in the URL.
    #[error("the URL carries a user name or password; use the signature to tell who calls")]
    UserInfo,
    /// A host that the operator did not name.
    #[error("the host is not among webhook_allowed_hosts of this server; ask its operator to add it")]
    HostNotAllowed,
    /// An address of this machine or of a private network.
    #[error("the host has an address of a private network and is not named in webhook_allowed_hosts")]
    Private,
    /// An address that is never contacted: link-local, metadata, multicast, unspecified, reserved.
    #[error("the host has an address that is never contacted (link-local, metadata, multicast or reserved)")]
    Never,
}

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The public internet.
    Public,
    /// This machine or a private network.
    Private,
    /// Nowhere that a webhook has business.
    Never,
}

/// Metadata services that live inside ranges which are otherwise merely private.
const METADATA_V4: Ipv4Addr = Ipv4Addr::new(100, 100, 100, 200);
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// IANA's IPv4 special-purpose registry (RFC 6890 and successors).
fn reach_v4(ip: Ipv4Addr) -> Reach {
    let [a, b, c, _] = ip.octets();
    if ip == METADATA_V4 {
        return Reach::Never;
    }
    if ip.is_loopback() || ip.is_private() || (a == 100 && b & 0xc0 == 64) {
        return Reach::Private;
    }
    let never = a == 0
        || ip.is_link_local()
        || ip.is_multicast()
        || a >= 240
        || ip.is_documentation()
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && b & 0xfe == 18);
    if never { Reach::Never } else { Reach::Public }
}

/// IANA's IPv6 special-purpose registry. Only 2000::/3 is public; addresses that embed an IPv4
/// address (mapped, NAT64, 6to4, Teredo) are not used, since they could smuggle a private one.
fn reach_v6(ip: Ipv6Addr) -> Reach {
    let [first, second, ..] = ip.segments();
    if ip == METADATA_V6 {
        return Reach::Never;
    }
    if ip.is_loopback() || first & 0xfe00 == 0xfc00 {
        return Reach::Private;
    }
    let special = match first {
        0x2001 => second < 0x0200 || second == 0x0db8,
        0x2002 => true,
        0x3fff => second < 0x1000,
        _ => false,
    };
    if first & 0xe000 == 0x2000 && !special { Reach::Public } else { Reach::Never }
}

fn reach(ip: IpAddr) -> Reach {
    match ip {
        IpAddr::V4(ip) => reach_v4(ip),
        IpAddr::V6(ip) => reach_v6(ip),
    }
}

/// Which hosts the operator allows.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    hosts: HashSet<String>,
    any_public: bool,
}

/// A host as written in URLs: lower case, A-labels, IPv6 in brackets, no trailing dot.
fn normal_host(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    if let Ok(ip) = text.parse::<Ipv6Addr>() {
        return Some(format!("[{ip}]"));
    }
    Host::parse(text).ok().map(|host| host.to_string())
}

impl Policy {
    /// A policy from the configuration's list: host names or addresses that may be contacted even
    /// when private, and `*` for every host with a public address. The empty list allows nothing.
    ///
    /// # Errors
    /// The first entry that is not a host.
    pub fn new<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut policy = Self::default();
        for entry in entries {
            if entry.trim() == "*" {
                policy.any_public = true;
            } else {
                policy.hosts.insert(normal_host(entry).ok_or_else(|| entry.to_owned())?);
            }
        }
        Ok(policy)
    }

    /// Whether an address of this host may be connected to.
    fn judge(&self, host: &str, ip: IpAddr) -> Result<(), Blocked> {
        let named = self.hosts.contains(host);
        match reach(ip) {
            Reach::Never => Err(Blocked::Never),
            Reach::Private if named => Ok(()),
            Reach::Private => Err(Blocked::Private),
            Reach::Public if named || self.any_public => Ok(()),
            Reach::Public => Err(Blocked::HostNotAllowed),
        }
    }

    /// Reads a URL and refuses what can be refused without resolving its name.
    ///
    /// # Errors
    /// Why it may not be contacted.
    pub fn check(&self, text: &str) -> Result<Url, Blocked> {
        if text.len() > LONGEST {
            return Err(Blocked::Malformed);
        }
        let mut url = Url::parse(text.trim()).map_err(|_| Blocked::Malformed)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Blocked::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Blocked::UserInfo);
        }
        url.set_fragment(None);
        match url.host().ok_or(Blocked::Malformed)? {
            Host::Ipv4(ip) => self.judge(&ip.to_string(), ip.into())?,
            Host::Ipv6(ip) => self.judge(&format!("[{ip}]"), ip.into())?,
            Host::Domain(name) => {
                let name = name.trim_end_matches('.');
                if !self.any_public && !self.hosts.contains(name) {
                    return Err(Blocked::HostNotAllowed);
                }
            }
        }
        Ok(url)
    }

    /// The addresses of a name, all of them judged; one bad address refuses the name.
    fn judged(&self, name: &str, found: Vec<IpAddr>) -> Result<Vec<SocketAddr>, Blocked> {
        let host = name.trim_end_matches('.').to_ascii_lowercase();
        found.iter().try_for_each(|ip| self.judge(&host, *ip))?;
        Ok(found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect())
    }
}

/// How names become addresses; tests have their own.
pub trait Lookup: Send + Sync {
    /// The addresses of a name.
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>>;
}

/// The resolver of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) })
    }
}

/// A name that did not resolve.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the name does not resolve")]
pub(super) struct Unresolved;

/// The resolver of the HTTP client: looks up, judges, and hands out judged addresses only.
pub(super) struct JudgedResolver {
    pub(super) policy: Arc<Policy>,
    pub(super) lookup: Arc<dyn Lookup>,
}

impl Resolve for JudgedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (policy, name) = (Arc::clone(&self.policy), name.as_str().to_owned());
        let found = self.lookup.lookup(name.clone());
        Box::pin(async move {
            let found = found.await.map_err(|_| Unresolved)?;
            if found.is_empty() {
                return Err(Unresolved.into());
            }
            let addresses: Addrs = Box::new(policy.judged(&name, found)?.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_are_refused() {
        let open = Policy::new(["*", "hook.internal", "127.0.0.1"]).unwrap();
        for (url, why) in [
            ("", Blocked::Malformed),
            ("hook", Blocked::Malformed),
            ("https://", Blocked::Malformed),
            ("ftp://example.com/", Blocked::Scheme),
            ("file:///etc/passwd", Blocked::Scheme),
            ("gopher://example.com/", Blocked::Scheme),
            ("javascript:alert(1)", Blocked::Scheme),
            ("https://user@example.com/", Blocked::UserInfo),
            ("https://user:pass@example.com/", Blocked::UserInfo),
            ("https://:pass@example.com/", Blocked::UserInfo),
            ("http://127.0.0.2/", Blocked::Private),
            ("http://10.1.2.3/", Blocked::Private),
            ("http://172.16.0.1/", Blocked::Private),
            ("http://192.168.1.1/", Blocked::Private),
            ("http://100.64.0.1/", Blocked::Private),
            ("http://100.127.255.255/", Blocked::Private),
            ("http://2130706434/", Blocked::Private),
            ("http://0x7f.2/", Blocked::Private),
            ("http://017700000002/", Blocked::Private),
            ("http://[::1]/", Blocked::Private),
            ("http://[fd12:3456::1]/", Blocked::Private),
            ("http://169.254.169.254/latest/meta-data", Blocked::Never),
            ("http://100.100.100.200/", Blocked::Never),
            ("http://[fd00:ec2::254]/", Blocked::Never),
            ("http://[fe80::1]/", Blocked::Never),
            ("http://[fec0::1]/", Blocked::Never),
            ("http://[ff02::1]/", Blocked::Never),
            ("http://[::]/", Blocked::Never),
            ("http://[::ffff:127.0.0.1]/", Blocked::Never),
            ("http://[::ffff:8.8.8.8]/", Blocked::Never),
            ("http://[::127.0.0.1]/", Blocked::Never),
            ("http://[64:ff9b::7f00:1]/", Blocked::Never),
            ("http://[2002:7f00:1::]/", Blocked::Never),
            ("http://[2001::1]/", Blocked::Never),
            ("http://[2001:db8::1]/", Blocked::Never),
            ("http://0.0.0.0/", Blocked::Never),
            ("http://224.0.0.1/", Blocked::Never),
            ("http://255.255.255.255/", Blocked::Never),
            ("http://240.0.0.1/", Blocked::Never),
            ("http://198.18.0.1/", Blocked::Never),
            ("http://192.0.0.1/", Blocked::Never),
        ] {
            assert_eq!(open.check(url), Err(why), "{url}");
        }
        let long = format!("https://example.com/{}", "a".repeat(LONGEST));
        assert_eq!(open.check(&long), Err(Blocked::Malformed));
    }

    #[test]
    fn urls_that_are_allowed() {
        let open = Policy::new(["*", "127.0.0.1"]).unwrap();
        for url in
            ["https://example.com/hook", "http://93.184.216.34/", "http://[2606:4700::1]/", "http://127.0.0.1:9/"]
        {
            assert!(open.check(url).is_ok(), "{url}");
        }
        assert_eq!(open.check("https://example.com/a#b").unwrap().as_str(), "https://example.com/a");
    }

    #[test]
    fn without_a_name_on_the_list_nothing_is_contacted() {
        let closed = Policy::new([]).unwrap();
        assert_eq!(closed.check("https://example.com/"), Err(Blocked::HostNotAllowed));
        assert_eq!(closed.check("http://93.184.216.34/"), Err(Blocked::HostNotAllowed));
        let named = Policy::new(["Hooks.Example.com", "::1"]).unwrap();
        assert!(named.check("https://hooks.example.com./x").is_ok());
        assert!(named.check("http://[::1]:8080/").is_ok());
        assert_eq!(named.check("https://other.example.com/"), Err(Blocked::HostNotAllowed));
        assert!(Policy::new(["a b"]).is_err());
    }

    #[test]
    fn one_private_address_refuses_the_name() {
        let open = Policy::new(["*", "named.example"]).unwrap();
        let public: IpAddr = "93.184.216.34".parse().unwrap();
        let private: IpAddr = "10.0.0.1".parse().unwrap();
        assert!(open.judged("a.example", vec![public]).is_ok());
        assert_eq!(open.judged("a.example", vec![public, private]), Err(Blocked::Private));
        assert!(open.judged("NAMED.example.", vec![private]).is_ok());
        assert_eq!(open.judged("named.example", vec!["169.254.169.254".parse().unwrap()]), Err(Blocked::Never));
    }
}
