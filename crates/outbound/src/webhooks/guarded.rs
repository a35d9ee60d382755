//! The client that calls addresses which people typed in: webhooks, and whatever else does.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::target::{Blocked, JudgedResolver, Lookup, Policy, Unresolved};
use super::{Error, Result};

const CONNECT: Duration = Duration::from_secs(5);

/// An HTTP client that connects to judged addresses only, follows no redirects and takes no orders from the
/// environment. Every URL goes through [`GuardedClient::check`] before it is asked for.
#[derive(Clone)]
pub struct GuardedClient {
    policy: Arc<Policy>,
    client: reqwest::Client,
}

impl fmt::Debug for GuardedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardedClient")
    }
}

/// Why the client did not even connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The host may not be contacted.
    Blocked,
    /// The name does not resolve.
    Unresolved,
}

impl GuardedClient {
    /// A client of the hosts that `policy` allows, whose requests take `whole` at most.
    ///
    /// # Errors
    /// [`Error::Client`] when the TLS set-up of this machine does not work.
    pub fn new(policy: Policy, lookup: Arc<dyn Lookup>, whole: Duration) -> Result<Self> {
        let policy = Arc::new(policy);
        let client = reqwest::Client::builder()
            .user_agent(concat!("Barid/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(whole)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(4)
            .dns_resolver(JudgedResolver { policy: Arc::clone(&policy), lookup })
            .build()
            .map_err(|error| Error::Client(error.to_string()))?;
        Ok(Self { policy, client })
    }

    /// Reads a URL and refuses what can be refused without resolving its name.
    ///
    /// # Errors
    /// Why it may not be contacted.
    pub fn check(&self, text: &str) -> Result<Url, Blocked> {
        self.policy.check(text)
    }

    /// The client, for URLs that were checked.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Whether a request failed because of the guard or the name.
    pub fn refused(error: &reqwest::Error) -> Option<Refused> {
        let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
        while let Some(inner) = cause {
            if inner.is::<Blocked>() {
                return Some(Refused::Blocked);
            }
            if inner.is::<Unresolved>() {
                return Some(Refused::Unresolved);
            }
            cause = inner.source();
        }
        None
    }
}
