//! The first run: whoever holds the link that the console printed becomes the owner.

use std::sync::atomic::{AtomicBool, Ordering};

use accounts::secret;
use accounts::throttle::{Buckets, Rate, address_key};
use accounts::users::Client;
use kernel::{Pii, Rng, Timestamp};
use parking_lot::Mutex;

/// The link's secret as a hash, in memory only: it is gone with the process, and the next start prints
/// another one.
pub struct Setup {
    hash: Mutex<Option<secret::Hash>>,
    /// One attempt at a time, so that two never both find nobody.
    turn: tokio::sync::Mutex<()>,
    attempts: Buckets<u64>,
    owned: AtomicBool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            hash: Mutex::new(None),
            turn: tokio::sync::Mutex::new(()),
            attempts: Buckets::new(Rate::one_per(6, 10), 10_000),
            owned: AtomicBool::new(false),
        }
    }
}

fn hash(token: &str) -> secret::Hash {
    secret::hash(&[b"setup", token.as_bytes()])
}

impl Setup {
    /// Makes the link's secret; one that was made before is no longer taken.
    pub fn open(&self, rng: &dyn Rng) -> Pii<String> {
        let token = secret::token(rng);
        *self.hash.lock() = Some(hash(&token));
        Pii::new(token)
    }

    /// Whether this is the link's secret.
    pub fn is_link(&self, token: &str) -> bool {
        self.hash.lock().is_some_and(|known| secret::equal(&known, &hash(token)))
    }

    /// The secret is used up.
    pub fn close(&self) {
        *self.hash.lock() = None;
        self.owned.store(true, Ordering::Relaxed);
    }

    /// Waits for one's turn to claim the installation.
    pub async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Takes one attempt from what a network address has, or says after how many seconds there is one.
    ///
    /// # Errors
    /// The seconds.
    pub fn attempt(&self, client: &Client, now: Timestamp) -> Result<(), u32> {
        self.attempts.take(client.address.map_or(0, address_key), now)
    }

    /// Whether somebody owns the installation: once true, it stays so, and nobody has to look again.
    ///
    /// # Errors
    /// The store's.
    pub async fn is_owned(&self, accounts: &accounts::Accounts) -> accounts::Result<bool> {
        if self.owned.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let owned = accounts.is_owned().await?;
        self.owned.store(owned, Ordering::Relaxed);
        Ok(owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_link_counts_until_it_is_used() {
        let (setup, rng) = (Setup::default(), testkit::SeededRng::new(1));
        assert!(!setup.is_link(""));
        let first = setup.open(&rng);
        let second = setup.open(&rng);
        assert!(!setup.is_link(first.expose()) && setup.is_link(second.expose()));
        setup.close();
        assert!(!setup.is_link(second.expose()));
    }
}
