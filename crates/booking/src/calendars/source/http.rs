//! Requests to calendars: judged hosts only, bounded in time and size, redirects followed by hand, and
//! passwords to nobody but the host they were given for.

use std::sync::Arc;

use outbound::webhooks::{GuardedClient, Refused};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use url::Url;

use super::digest::Challenge;
use super::{Asked, Failure};

/// Octets of an answer.
const MOST: usize = 20 << 20;
/// Redirects of one request.
const HOPS: usize = 5;

/// How a request says who asks.
#[derive(Clone)]
pub(in crate::calendars) enum Secret {
    /// Nobody.
    None,
    /// A name and password: Basic, or Digest where the server wants that.
    Password(Arc<str>, Arc<str>),
    /// An access token.
    Bearer(Arc<str>),
}

/// A client for one account.
#[derive(Clone)]
pub(in crate::calendars) struct Http {
    client: GuardedClient,
    /// Where the credentials belong.
    home: Url,
    secret: Secret,
}

/// A request.
pub(super) struct Ask<'a> {
    pub(super) method: &'static str,
    pub(super) url: Url,
    pub(super) headers: Vec<(&'static str, &'a str)>,
    pub(super) body: Option<String>,
}

/// An answer.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// Where it came from in the end.
    pub(super) url: Url,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The answer when its status is one of success, or what the status means.
    pub(super) fn fine(self) -> Asked<Self> {
        match self.status {
            200..=299 => Ok(self),
            401 => Err(Failure::Unauthorised),
            403 => Err(Failure::Forbidden),
            404 | 410 => Err(Failure::NotFound),
            409 | 412 => Err(Failure::Conflict),
            413 => Err(Failure::TooLarge),
            _ => Err(Failure::Status),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether two hosts are the same, or children of the same parent that is no public suffix by its shape: some
/// services spread accounts over hosts with numbers.
fn same_house(a: &Url, b: &Url) -> bool {
    if a.host() == b.host() {
        return a.port_or_known_default() == b.port_or_known_default() || b.scheme() == "https";
    }
    let parent = |url: &Url| match url.host() {
        Some(url::Host::Domain(name)) => {
            let labels: Vec<&str> = name.trim_end_matches('.').split('.').collect();
            (labels.len() >= 3).then(|| labels[labels.len() - 2..].join("."))
        }
        _ => None,
    };
    // `co.uk` and its like: a parent whose first label is this short is left alone.
    b.scheme() == "https"
        && parent(a).is_some_and(|one| {
            one.split('.').next().is_some_and(|label| label.len() > 3) && parent(b).as_ref() == Some(&one)
        })
}

impl Http {
    /// A client whose credentials belong to the host of `home`.
    pub(in crate::calendars) fn new(client: GuardedClient, home: &str, secret: Secret) -> Asked<Self> {
        let home = client.check(home).map_err(|_| Failure::Blocked)?;
        if !matches!(secret, Secret::None) && home.scheme() != "https" && !is_loopback(&home) {
            return Err(Failure::Tls);
        }
        Ok(Self { client, home, secret })
    }

    /// The address the account was given.
    pub(super) fn home(&self) -> &Url {
        &self.home
    }

    /// An address relative to another, judged.
    pub(super) fn join(&self, base: &Url, href: &str) -> Asked<Url> {
        let url = base.join(href.trim()).map_err(|_| Failure::Protocol)?;
        self.client.check(url.as_str()).map_err(|_| Failure::Blocked)
    }

    /// Whether credentials may be shown to this address.
    fn trusts(&self, url: &Url) -> bool {
        same_house(&self.home, url) && (url.scheme() == "https" || is_loopback(url))
    }

    /// Asks, follows redirects, and answers a Digest challenge once.
    pub(super) async fn ask(&self, ask: Ask<'_>) -> Asked<Answer> {
        let mut url = ask.url.clone();
        let mut challenge: Option<Challenge> = None;
        for _ in 0..=HOPS {
            let answer = self.once(&ask, &url, challenge.as_ref()).await?;
            match answer.status {
                301 | 302 | 303 | 307 | 308 => {
                    let to = answer.header("location").ok_or(Failure::Redirect)?.to_owned();
                    let next = self.join(&url, &to)?;
                    if url.scheme() == "https" && next.scheme() != "https" {
                        return Err(Failure::Redirect);
                    }
                    url = next;
                }
                401 if challenge.is_none() && matches!(self.secret, Secret::Password(..)) && self.trusts(&url) => {
                    let offered = answer.headers.get_all("www-authenticate");
                    match offered.iter().filter_map(|value| value.to_str().ok()).find_map(Challenge::read) {
                        Some(read) => challenge = Some(read),
                        None => return Ok(answer),
                    }
                }
                _ => return Ok(answer),
            }
        }
        Err(Failure::Redirect)
    }

    async fn once(&self, ask: &Ask<'_>, url: &Url, challenge: Option<&Challenge>) -> Asked<Answer> {
        let method = Method::from_bytes(ask.method.as_bytes()).map_err(|_| Failure::Protocol)?;
        let mut request = self.client.client().request(method, url.clone());
        for (name, value) in &ask.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Failure::Protocol)?;
            request = request.header(name, HeaderValue::from_str(value).map_err(|_| Failure::Protocol)?);
        }
        if self.trusts(url) {
            request = match (&self.secret, challenge) {
                (Secret::None, _) => request,
                (Secret::Bearer(token), _) => request.bearer_auth(token),
                (Secret::Password(name, password), None) => request.basic_auth(name, Some(password)),
                (Secret::Password(name, password), Some(challenge)) => {
                    let path =
                        url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
                    request.header("authorization", challenge.answer((name, password), ask.method, &path))
                }
            };
        }
        if let Some(body) = &ask.body {
            request = request.body(body.clone());
        }
        let mut answer = request.send().await.map_err(|error| failure(&error))?;
        let (status, headers, url) = (answer.status(), answer.headers().clone(), url.clone());
        if answer.content_length().is_some_and(|length| length > MOST as u64) {
            return Err(Failure::TooLarge);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + chunk.len() > MOST {
                return Err(Failure::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: StatusCode::as_u16(&status), headers, body, url })
    }
}

fn failure(error: &reqwest::Error) -> Failure {
    match GuardedClient::refused(error) {
        Some(Refused::Blocked) => Failure::Blocked,
        Some(Refused::Unresolved) => Failure::Dns,
        None if error.is_timeout() => Failure::Timeout,
        None if error.is_connect() => Failure::Connect,
        None => Failure::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_stay_in_the_house() {
        let same = |a: &str, b: &str| same_house(&Url::parse(a).unwrap(), &Url::parse(b).unwrap());
        assert!(same("https://caldav.icloud.com/", "https://p01-caldav.icloud.com/x"));
        assert!(same("http://127.0.0.1:5232/a", "http://127.0.0.1:5232/b"));
        assert!(!same("http://127.0.0.1:5232/a", "http://127.0.0.1:80/b"));
        assert!(!same("https://dav.example.com/", "https://evil.example.net/"));
        assert!(!same("https://example.com/", "https://example.com.evil.net/"));
        assert!(!same("https://a.co.uk/", "https://b.co.uk/"));
        assert!(!same("https://caldav.icloud.com/", "http://p01-caldav.icloud.com/x"));
    }
}
