//! The provider's account of whoever runs this server, to which balances are paid.

use std::sync::Arc;
use std::time::Duration;

use billing::payment::Refusal;
use billing::payment::accounts::Credentials;
use billing::payment::saved::{About, SavedMethods};
use billing::payment::stripe::Stripe;
use billing::recharge::{NO_TILL, Standing, Till, Tills};
use kernel::{Timestamp, WorkspaceId};

use crate::webhooks::{GuardedClient, Lookup, Policy};

/// How long one request to the provider may take.
const WHOLE: Duration = Duration::from_secs(10);

/// Keeps payment methods and takes the money for balances.
pub const CONNECTOR: &str = "balance_payments";

privacy::connector!(privacy::connectors::Connector {
    code: CONNECTOR,
    role: privacy::processors::Role::Controller,
    carries: &["payment methods", "amounts"],
    foreign: true,
});

/// The keys of the account.
#[derive(Clone)]
pub struct Account {
    /// The key that orders.
    pub secret: String,
    /// The key that the provider's calls are signed with.
    pub signing: String,
    /// Where the provider's interface is.
    pub base: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("base", &self.base).finish_non_exhaustive()
    }
}

/// The account, or that there is none.
#[derive(Debug, Clone)]
pub struct HouseTill {
    client: GuardedClient,
    account: Option<Account>,
    public_url: Arc<str>,
}

impl HouseTill {
    /// The account at a provider on one of the hosts that `policy` allows.
    ///
    /// # Errors
    /// When the TLS set-up of this machine does not work.
    pub fn new(
        policy: Policy,
        lookup: Arc<dyn Lookup>,
        account: Option<Account>,
        public_url: &str,
    ) -> crate::webhooks::Result<Self> {
        let client = GuardedClient::new(policy, lookup, WHOLE)?;
        Ok(Self { client, account, public_url: public_url.trim_end_matches('/').into() })
    }

    fn stripe(&self) -> billing::Result<Stripe> {
        let account = self.account.as_ref().ok_or(NO_TILL)?;
        let base = self.client.check(&account.base).map_err(|blocked| {
            tracing::warn!(%blocked, "recharge_api may not be contacted; name its host in payment_allowed_hosts");
            billing::Error::Provider(Refusal::Unreachable)
        })?;
        let credentials = Credentials {
            secret: account.secret.clone(),
            signing: account.signing.clone(),
            base: Some(account.base.clone()),
            connected_at: Timestamp(0),
        };
        Ok(Stripe::new(self.client.client().clone(), base, credentials))
    }
}

impl Tills for HouseTill {
    fn standing(&self) -> Standing {
        let test = self.account.as_ref().is_some_and(|account| account.secret.contains("_test_"));
        Standing { available: self.account.is_some(), test }
    }

    fn till(&self, workspace: WorkspaceId) -> billing::Result<Till> {
        Ok(Box::new(self.stripe()?.for_workspace(workspace)))
    }

    fn public_url(&self) -> &str {
        &self.public_url
    }

    fn about(&self, signature: &str, body: &[u8], now: Timestamp) -> billing::Result<Option<(WorkspaceId, About)>> {
        Ok(self.stripe()?.about(signature, body, now)?)
    }
}
