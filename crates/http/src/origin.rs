//! Where a request comes from: the client's address behind proxies, and the page that sent it.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use ipnet::IpNet;
use kernel::Code;

use crate::{Failure, Result, Toolbox};

/// The other end of the connection, as the listener saw it.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The client's address: the peer, or, when the peer is a trusted proxy, the last address of
/// X-Forwarded-For that no trusted proxy has. Entries further left are the client's own claims.
pub fn client_address(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    let mut address = peer?.to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|v| v.split(','))
        .collect();
    for hop in forwarded.iter().rev() {
        if !is_trusted(address) {
            break;
        }
        let hop = hop.trim();
        let parsed = hop.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|socket| socket.ip()));
        match parsed {
            Ok(next) => address = next.to_canonical(),
            Err(_) => break,
        }
    }
    Some(address)
}

/// Who is asking, for throttling and for the list of sessions.
#[derive(Debug, Clone)]
pub struct ClientInfo(pub accounts::users::Client);

impl<S: Send + Sync> FromRequestParts<S> for ClientInfo
where
    Toolbox: FromRef<S>,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(client(parts, &Toolbox::from_ref(state))))
    }
}

pub(crate) fn client(parts: &Parts, toolbox: &Toolbox) -> accounts::users::Client {
    let peer = parts.extensions.get::<Peer>().map(|Peer(socket)| socket.ip());
    accounts::users::Client {
        address: client_address(peer, &parts.headers, toolbox.trusted_proxies()),
        agent: parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned),
    }
}

/// Refuses a request that changes something on a cookie's authority unless the browser says that a
/// page of our own sent it (Sec-Fetch-Site, or Origin where that is missing).
pub(crate) fn require_same_origin(method: &Method, headers: &HeaderMap, public_origin: &str) -> Result<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ours = match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let host = text("host").unwrap_or_default();
            let same_host = origin.split_once("://").is_some_and(|(_, rest)| !host.is_empty() && rest == host);
            origin == public_origin || same_host
        }
        (None, None) => false,
    };
    if ours {
        Ok(())
    } else {
        Err(Failure::new(Code::Forbidden, "this request did not come from a page of this server"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect::<Vec<_>>()
            .into_iter()
            .fold(HeaderMap::new(), |mut map, (name, value): (header::HeaderName, header::HeaderValue)| {
                map.append(name, value);
                map
            })
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let of = |peer: &str, forwarded: &[(&'static str, &str)]| {
            client_address(Some(peer.parse().unwrap()), &headers(forwarded), &trusted).unwrap().to_string()
        };
        let claim = [("x-forwarded-for", "1.1.1.1, 203.0.113.9")];
        assert_eq!(of("198.51.100.7", &claim), "198.51.100.7", "not a proxy of ours");
        assert_eq!(of("10.0.0.1", &claim), "203.0.113.9");
        assert_eq!(of("::ffff:10.0.0.1", &claim), "203.0.113.9");
        assert_eq!(of("10.0.0.1", &[("x-forwarded-for", "203.0.113.9, 10.0.0.2")]), "203.0.113.9");
        assert_eq!(
            of("10.0.0.1", &[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "[2001:db8::1]:443")]),
            "2001:db8::1"
        );
        assert_eq!(of("10.0.0.1", &[("x-forwarded-for", "rubbish")]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
    }

    proptest::proptest! {
        #[test]
        fn only_an_address_comes_out(claim in "[ -~]{0,60}") {
            let trusted: Vec<IpNet> = vec!["0.0.0.0/0".parse().unwrap()];
            let peer = "10.0.0.1".parse().unwrap();
            proptest::prop_assert!(client_address(Some(peer), &headers(&[("x-forwarded-for", &claim)]), &trusted).is_some());
        }
    }

    #[test]
    fn cookies_act_only_for_our_own_pages() {
        let check = |method: Method, pairs: &[(&'static str, &str)]| {
            require_same_origin(&method, &headers(pairs), "https://barid.example").is_ok()
        };
        assert!(check(Method::GET, &[]));
        assert!(!check(Method::POST, &[]));
        assert!(check(Method::POST, &[("origin", "https://barid.example")]));
        assert!(check(Method::POST, &[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(!check(Method::POST, &[("origin", "https://evil.example"), ("host", "barid.example")]));
        assert!(!check(Method::POST, &[("origin", "null"), ("host", "barid.example")]));
        assert!(check(Method::DELETE, &[("sec-fetch-site", "same-origin")]));
        assert!(!check(Method::DELETE, &[("sec-fetch-site", "same-site"), ("origin", "https://barid.example")]));
        assert!(!check(Method::POST, &[("sec-fetch-site", "cross-site")]));
    }
}
