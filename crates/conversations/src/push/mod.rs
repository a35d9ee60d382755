//! Web Push (RFC 8030): members hear that somebody wrote while no window is open.
//!
//! A push passes the servers of the browser's maker. It is encrypted to the browser (RFC 8291), and says even so no
//! more than that there is something new, and where: no words, no names. The hosts of push services are named one by
//! one by the operator; without one nothing leaves.

mod crypt;
mod deliver;
mod subscriptions;

use std::sync::Arc;
use std::time::Duration;

use kernel::{Code, Problem, UserId};
use outbound::webhooks::{Blocked, GuardedClient, Lookup, Policy};
use store::{Ctx, Vault};

pub(crate) use deliver::wants;
pub use deliver::{DELIVER_QUEUE, DecideJob, DeliverJob, QUEUE, Tested};
pub use subscriptions::{Subscription, Target, of, remove};

use crate::{Error, Result};

/// The push services of browsers' makers, as the register of processors names them.
pub const CONNECTOR: &str = "web_push";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Conduit,
    carries: &["that a conversation has something new"],
    foreign: true,
});

/// How pushes leave this process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Push {
    client: GuardedClient,
    /// Where this server is reached: whom a push service asks when something is wrong.
    contact: Arc<str>,
    enabled: bool,
}

impl Push {
    /// Pushes to the hosts that are named.
    ///
    /// # Errors
    /// The first entry that is no host; when the TLS set-up of this machine does not work.
    pub fn new(hosts: &[String], lookup: Arc<dyn Lookup>, public_url: &str) -> Result<Self, String> {
        let policy = Policy::new(hosts.iter().map(String::as_str)).map_err(|entry| format!("{entry} is not a host"))?;
        let client = GuardedClient::new(policy, lookup, Duration::from_secs(15)).map_err(|error| error.to_string())?;
        Ok(Self { client, contact: public_url.trim_end_matches('/').into(), enabled: !hosts.is_empty() })
    }

    /// Whether the operator named any push service.
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Keeps a browser's subscription.
    ///
    /// # Errors
    /// `blocked_target` for a push service that the operator did not name; keys that are none.
    pub async fn subscribe(&self, ctx: &Ctx, member: UserId, target: Target) -> Result<Subscription> {
        let url = self.client.check(&target.endpoint).map_err(|why| {
            let detail = match why {
                Blocked::HostNotAllowed | Blocked::Private => {
                    "this push service is not among push_allowed_hosts of this server; ask its operator to add it"
                }
                _ => "is no address of a push service",
            };
            Error::from(Problem::new(Code::BlockedTarget, detail))
        })?;
        let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if url.scheme() != "https" && !local {
            return Err(Error::field("endpoint", "push services are reached by https"));
        }
        subscriptions::keep(ctx, member, target).await
    }
}

/// The public key of this server, which browsers subscribe with.
///
/// # Errors
/// When the key cannot be made.
pub fn public_key(vault: &Vault) -> Result<String> {
    Ok(crypt::Sender::of(vault).map_err(|_| Error::Corrupt("push key"))?.public())
}
