//! Workspaces, the people who sign in, their roles, API keys and the audit trail.
//!
//! [`workspaces`], [`members`] and [`audit`] are plain functions over a [`store::Ctx`]. What needs
//! memory beside the database (throttling, the cache of keys) or slow hashing hangs off
//! [`Accounts`], of which a process has one. Mail that is wanted here (confirmations, resets,
//! invitations) is asked for as a job on [`users::tokens::NOTICE_QUEUE`]; somebody above sends it.

pub mod audit;
pub mod calls;
pub mod emergency;
mod error;
pub mod keys;
pub mod members;
mod owner;
pub mod preferences;
pub mod secret;
pub mod throttle;
pub mod users;
pub mod views;
pub mod workspaces;

use std::sync::{Arc, OnceLock};

use kernel::{Timestamp, UserId};
use store::{Batch, Blind, Core};
use throttle::{Buckets, Rate};
use tokio::sync::Semaphore;

pub use error::{Error, Result};
pub use owner::FirstOwner;
use users::SessionPolicy;
use users::password::{self, Cost};

store::data_map!("accounts", include_str!("../migrations/columns.txt"));
store::migration!("accounts", 11, "access", include_str!("../migrations/0011_access.sql"));
store::migration!("accounts", 2, "activity", include_str!("../migrations/0002_activity.sql"));
store::migration!("accounts", 1, "accounts", include_str!("../migrations/0001_accounts.sql"));
store::migration!("accounts", 12, "app", include_str!("../migrations/0012_app.sql"));
store::migration!("accounts", 22, "test_keys", include_str!("../migrations/0022_test_keys.sql"));

// Members are people, too, but nobody's contacts: their rows go with the account, not by the
// erasure of a contact.
const OWN_ACCOUNT: Option<&str> = Some("the member's own account; it ends with the account");
store::personal!(store::PersonalTable {
    table: "account",
    class: "account.member",
    subject: "id",
    columns: &["email", "sealed"],
    erase: &[],
    kept: OWN_ACCOUNT,
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "email_token",
    class: "account.member",
    subject: "account",
    columns: &["sealed"],
    erase: &[],
    kept: OWN_ACCOUNT,
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "session",
    class: "account.member",
    subject: "account",
    columns: &["agent"],
    erase: &[],
    kept: OWN_ACCOUNT,
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "saved_view",
    class: "account.member",
    subject: "account",
    columns: &["sealed"],
    erase: &[],
    kept: OWN_ACCOUNT,
    collect: None,
});
store::personal!(store::PersonalTable {
    table: "totp",
    class: "account.member",
    subject: "account",
    columns: &["sealed"],
    erase: &[],
    kept: OWN_ACCOUNT,
    collect: None,
});

/// What an operator may set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What hashing a password costs.
    pub cost: Cost,
    /// How long sessions last.
    pub sessions: SessionPolicy,
    /// The name that authenticator apps show.
    pub issuer: String,
    /// Attempts to sign in, per account.
    pub per_account: Rate,
    /// Attempts to sign in or up, per network address.
    pub per_address: Rate,
    /// How many passwords are hashed at the same time; each takes [`Cost::memory_kib`].
    pub hashing_threads: usize,
    /// Passwords that everybody knows.
    pub leaked: users::leaked::List,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cost: Cost::default(),
            sessions: SessionPolicy::default(),
            issuer: "Barid".to_owned(),
            per_account: Rate::one_per(60, 10),
            per_address: Rate::one_per(10, 50),
            hashing_threads: 2,
            leaked: users::leaked::List::default(),
        }
    }
}

struct Inner {
    core: Core,
    settings: Settings,
    hashing: Semaphore,
    decoy: OnceLock<String>,
    by_account: Buckets<Blind>,
    by_address: Buckets<u64>,
    mails: Buckets<UserId>,
    keys: keys::Cache,
}

/// Sign-in, sessions and keys. Cheap to clone; all clones share one memory.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

impl Accounts {
    /// The accounts in a store.
    pub fn new(core: Core, settings: Settings) -> Self {
        const CAPACITY: usize = 100_000;
        Self(Arc::new(Inner {
            hashing: Semaphore::new(settings.hashing_threads.max(1)),
            decoy: OnceLock::new(),
            by_account: Buckets::new(settings.per_account, CAPACITY),
            by_address: Buckets::new(settings.per_address, CAPACITY),
            mails: Buckets::new(Rate::one_per(600, 5), CAPACITY),
            keys: keys::Cache::default(),
            core,
            settings,
        }))
    }

    /// The store beneath.
    pub fn core(&self) -> &Core {
        &self.0.core
    }

    /// Deletes sessions that are over and links that nobody can follow any more. Run it daily.
    pub async fn sweep(&self) -> Result<()> {
        users::sessions::sweep(self.core()).await
    }

    pub(crate) fn cost(&self) -> Cost {
        self.0.settings.cost
    }

    pub(crate) fn sessions(&self) -> SessionPolicy {
        self.0.settings.sessions
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.0.settings.issuer
    }

    pub(crate) fn leaked(&self) -> &users::leaked::List {
        &self.0.settings.leaked
    }

    pub(crate) fn by_account(&self) -> &Buckets<Blind> {
        &self.0.by_account
    }

    pub(crate) fn by_address(&self) -> &Buckets<u64> {
        &self.0.by_address
    }

    pub(crate) fn mails(&self) -> &Buckets<UserId> {
        &self.0.mails
    }

    pub(crate) fn key_cache(&self) -> &keys::Cache {
        &self.0.keys
    }

    /// A hash compared against when there is no account, made at first need. Slow: for blocking threads.
    pub(crate) fn decoy(&self) -> &str {
        let make = || password::hash("", self.cost(), self.core().rng.as_ref()).unwrap_or_default();
        self.0.decoy.get_or_init(make)
    }

    /// Runs slow hashing away from the threads that answer requests, a few at a time.
    pub(crate) async fn on_blocking_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let _permit = self.0.hashing.acquire().await.map_err(|_| Error::Internal("the server is stopping"))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Internal("hashing a password failed"))
    }

    /// Writes something that no answer depends on (when a key or session was last used), behind the
    /// request's back. A lost write costs nothing but precision.
    pub(crate) fn later(&self, batch: Batch) {
        let db = self.core().db.clone();
        tokio::spawn(async move {
            if let Err(error) = db.apply(batch).await {
                tracing::debug!(%error, "last use not written");
            }
        });
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        self.core().clock.now()
    }
}
