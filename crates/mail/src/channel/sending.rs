use std::collections::HashMap;
use std::sync::Arc;

use kernel::{Timestamp, WorkspaceId};
use parking_lot::RwLock;
use store::{Actor, Core};

use crate::dkim::Signer;
use crate::domains::{self, Error, Result};

/// Seconds for which messages rely on what is known about a domain. A run asks afresh at every slice
/// of its work, see [`SendingDomains::read`].
const FRESH: i64 = 60;

/// What messages need of their sending domain.
pub(super) struct SendingDomain {
    /// Its name (A-label).
    pub(super) name: String,
    /// The host under it where answers and bounces come.
    pub(super) return_path: String,
    /// Whether its records were seen.
    pub(super) verified: bool,
    /// Its keys; `None` when somebody else signs.
    pub(super) signer: Option<Arc<Signer>>,
    /// The selectors of the keys, to see whether they changed.
    selectors: Vec<String>,
}

#[derive(Clone)]
struct Entry {
    /// `None` when the workspace has no such domain.
    domain: Option<Arc<SendingDomain>>,
    read_at: Timestamp,
}

type Known = HashMap<WorkspaceId, HashMap<String, Entry>>;

/// The sending domains that are in use, with their keys opened.
pub(super) struct SendingDomains {
    core: Core,
    /// The next hop is on this machine: unknown domains get keys, unverified ones may be used.
    lenient: bool,
    signs: bool,
    known: RwLock<Known>,
    /// One reader at a time: opening keys costs, and all messages ask at the same moment.
    reading: tokio::sync::Mutex<()>,
}

impl SendingDomains {
    pub(super) fn new(core: Core, lenient: bool, signs: bool) -> Self {
        Self { core, lenient, signs, known: RwLock::default(), reading: tokio::sync::Mutex::default() }
    }

    /// What was read within the last minute; otherwise it is read now.
    pub(super) async fn get(&self, workspace: WorkspaceId, name: &str) -> Result<Option<Arc<SendingDomain>>> {
        if let Some(found) = self.fresh(workspace, name) {
            return Ok(found.domain);
        }
        let _one = self.reading.lock().await;
        match self.fresh(workspace, name) {
            Some(found) => Ok(found.domain),
            None => self.renew(workspace, name).await,
        }
    }

    /// Reads what the database says now.
    pub(super) async fn read(&self, workspace: WorkspaceId, name: &str) -> Result<Option<Arc<SendingDomain>>> {
        let _one = self.reading.lock().await;
        self.renew(workspace, name).await
    }

    fn fresh(&self, workspace: WorkspaceId, name: &str) -> Option<Entry> {
        let now = self.core.clock.now();
        let known = self.known.read();
        let entry = known.get(&workspace)?.get(name)?;
        (now < entry.read_at.plus_seconds(FRESH)).then(|| entry.clone())
    }

    fn before(&self, workspace: WorkspaceId, name: &str) -> Option<Arc<SendingDomain>> {
        self.known.read().get(&workspace)?.get(name)?.domain.clone()
    }

    async fn renew(&self, workspace: WorkspaceId, name: &str) -> Result<Option<Arc<SendingDomain>>> {
        let read_at = self.core.clock.now();
        let before = self.before(workspace, name);
        let domain = self.load(workspace, name, before.as_deref()).await?;
        if self.lenient
            && let Some(domain) = &domain
            && !domain.verified
            && before.is_none()
        {
            tracing::warn!(
                domain = name,
                "the sending domain is not verified; its mail is fit for a test on this machine only"
            );
        }
        let entry = Entry { domain: domain.clone(), read_at };
        self.known.write().entry(workspace).or_default().insert(name.to_owned(), entry);
        Ok(domain)
    }

    async fn load(
        &self,
        workspace: WorkspaceId,
        name: &str,
        before: Option<&SendingDomain>,
    ) -> Result<Option<Arc<SendingDomain>>> {
        let ctx = self.core.ctx(workspace, Actor::System);
        let row = match domains::by_name(&ctx, name).await? {
            None if self.lenient => match domains::add(&ctx, name).await {
                // Somebody was faster.
                Err(Error::Exists) => domains::by_name(&ctx, name).await?,
                added => Some(added?),
            },
            row => row,
        };
        let Some(row) = row else { return Ok(None) };
        let (signer, selectors) = if self.signs {
            let selectors = domains::active_selectors(&ctx, row.id).await?;
            let signer = match before.filter(|before| before.selectors == selectors) {
                Some(SendingDomain { signer: Some(signer), .. }) => Arc::clone(signer),
                _ => Arc::new(domains::signer(&ctx, &row).await?),
            };
            (Some(signer), selectors)
        } else {
            (None, Vec::new())
        };
        let (return_path, verified) = (row.return_path, row.verified);
        Ok(Some(Arc::new(SendingDomain { name: row.name, return_path, verified, signer, selectors })))
    }
}
