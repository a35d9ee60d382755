use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::WorkspaceId;
use store::{Actor, Core, Ctx, Db, Vault};
use tempfile::TempDir;

use crate::{Cluster, ManualClock, SeededRng};

static COUNT: AtomicU64 = AtomicU64::new(1);

/// A migrated, empty store with its clock; gone when dropped.
pub struct Fixture {
    /// The store.
    pub core: Core,
    /// The store's clock, standing at 2026-11-21T09:00:00Z until moved.
    pub clock: Arc<ManualClock>,
    directory: TempDir,
}

impl Fixture {
    /// On SQLite, without waiting for the disk.
    ///
    /// # Panics
    /// When the database cannot be made.
    pub async fn sqlite() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let data = Db::open_sqlite_volatile(&directory.path().join("barid.db")).expect("a SQLite file");
        let keys = Db::open_sqlite_volatile(&directory.path().join("keys.db")).expect("a SQLite file");
        Self::over(data, keys, directory).await
    }

    /// On PostgreSQL, in schemas of their own; `None` when the machine has no PostgreSQL.
    ///
    /// # Panics
    /// When the cluster does not work.
    pub async fn postgres() -> Option<Self> {
        let cluster = Cluster::shared()?;
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("t{}_{number}", std::process::id());
        let data = Db::open_postgres(cluster.url(), &name).await.expect("a schema for data");
        let keys = Db::open_postgres(cluster.url(), &format!("{name}_keys")).await.expect("a schema for keys");
        Some(Self::over(data, keys, tempfile::tempdir().expect("a temporary directory")).await)
    }

    async fn over(data: Db, keys: Db, directory: TempDir) -> Self {
        let clock = Arc::new(ManualClock::at("2026-11-21T09:00:00Z"));
        let rng = Arc::new(SeededRng::new(COUNT.fetch_add(1, Ordering::Relaxed)));
        data.migrate(kernel::Clock::now(clock.as_ref())).await.expect("the schema migrates");
        let vault = Vault::open(keys, [7; 32], clock.clone(), rng.clone()).await.expect("the key store opens");
        Self { core: Core::new(data, vault, clock.clone(), rng), clock, directory }
    }

    /// A context in a fresh workspace that has keys and nothing else.
    ///
    /// # Panics
    /// When the key store fails.
    pub async fn workspace(&self) -> Ctx {
        let id: WorkspaceId = self.core.ids.next();
        self.core.vault.create_workspace(id).await.expect("a workspace key");
        self.core.ctx(id, Actor::Console)
    }

    /// A directory of the fixture's own.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }
}
