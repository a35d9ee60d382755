//! Which processes work on the database, so that what a dead one held is taken up at once.

use std::time::Duration;

use kernel::Timestamp;
use store::{Core, Engine, jobs, lease};
use tokio::sync::watch;

/// Seconds after which a silent process counts as dead.
const LIFE: i64 = 15;
/// How often a process says that it lives.
const BEAT: Duration = Duration::from_secs(5);
const PREFIX: &str = "node/";

/// This process among its fellows.
#[derive(Clone)]
pub(super) struct Node {
    core: Core,
    name: String,
    started: Timestamp,
}

impl Node {
    pub(super) fn new(core: &Core) -> Self {
        let id: kernel::SessionId = core.ids.next();
        Self { core: core.clone(), name: format!("{PREFIX}{id}"), started: core.now() }
    }

    /// Takes up at once what dead processes held, when this one is alone.
    pub(super) async fn recover(&self) -> store::Result<bool> {
        let alone = self.core.db.engine() == Engine::Sqlite
            || lease::others(&self.core.db, PREFIX, &self.name, self.core.now()).await? == 0;
        let since = alone.then_some(self.started);
        if alone {
            jobs::release_claimed_before(&self.core.db, self.started).await?;
        }
        if let Err(error) = telecom::messages::recover(&self.core, since).await {
            tracing::warn!(%error, "messages of dead processes cannot be looked through yet");
        }
        if let Err(error) = calls::voice::recover(&self.core, since).await {
            tracing::warn!(%error, "calls of dead processes cannot be looked through yet");
        }
        if let Err(error) = telecom::chat_apps::recover(&self.core, since).await {
            tracing::warn!(%error, "messages of dead processes to chat apps cannot be looked through yet");
        }
        match outbound::recover_all(&self.core, since).await {
            Ok(0) => {}
            Ok(doubtful) => tracing::warn!(
                doubtful,
                "deliveries were being handed over when a process died; they are in doubt and not sent again"
            ),
            Err(error) => tracing::error!(%error, "open runs cannot be taken up"),
        }
        Ok(alone)
    }

    /// Says that this process lives until `stop`; looks again for what dead ones left.
    pub(super) async fn live(self, mut stop: watch::Receiver<bool>) {
        let mut settled = false;
        while !*stop.borrow() {
            let now = self.core.now();
            if let Err(error) = lease::take(&self.core.db, &self.name, &self.name, now, LIFE).await {
                tracing::warn!(%error, "this process cannot say that it lives");
            }
            if !settled && now >= self.started.plus_seconds(LIFE + 1) {
                settled = self.recover().await.is_ok();
            }
            tokio::select! {
                () = tokio::time::sleep(BEAT) => {}
                _ = stop.changed() => {}
            }
        }
        let _ = lease::release(&self.core.db, &self.name, &self.name).await;
    }
}
