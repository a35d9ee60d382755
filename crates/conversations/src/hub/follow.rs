//! What other nodes committed: the change feed of every workspace to which somebody listens is read, at once when
//! this node commits and every second anyway. A connection that was told already knows the number.

use std::collections::HashMap;
use std::time::Duration;

use kernel::{ConversationId, VisitorId, WorkspaceId};
use store::{Actor, Core, feed};

use super::{Hub, Signal};

/// Between two looks while nothing is committed here.
const PAUSE: Duration = Duration::from_secs(1);
/// Between two looks while much is.
const GATHER: Duration = Duration::from_millis(100);
/// Entries read at a time.
const PAGE: u32 = 500;

impl Hub {
    /// Follows the change feed until the task is dropped.
    pub async fn follow(&self, core: Core) {
        let mut known: HashMap<WorkspaceId, i64> = HashMap::new();
        let mut heads: HashMap<WorkspaceId, i64> = HashMap::new();
        let mut committed = core.db.feed_changed();
        loop {
            if let Err(error) = merges(&core, &mut heads).await {
                tracing::warn!(%error, "merges of contacts are followed later");
            }
            if let Err(error) = self.step(&core, &mut known).await {
                tracing::warn!(%error, "the feed cannot be followed; connections read for themselves");
            }
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = committed.changed() => tokio::time::sleep(GATHER).await,
            }
        }
    }

    /// Reads what is new once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn step(&self, core: &Core, known: &mut HashMap<WorkspaceId, i64>) -> store::Result<()> {
        let workspaces = self.0.rooms.lock().workspaces();
        known.retain(|workspace, _| workspaces.contains(workspace));
        for workspace in workspaces {
            let Some(&position) = known.get(&workspace) else {
                // Whoever connected before this read from the database on their own.
                known.insert(workspace, feed::head(&core.db, workspace).await?);
                continue;
            };
            let rows = feed::read_after(&core.db, workspace, position, PAGE).await?;
            for row in &rows {
                let visitor = row.data["visitor"].as_str().and_then(|id| id.parse::<VisitorId>().ok());
                let (Some(visitor), conversation) = (visitor, ConversationId(row.entity)) else { continue };
                match row.kind.as_str() {
                    "conversation.event" if row.data["visibility"] == "all" => {
                        let Some(seq) = row.data["seq"].as_i64() else { continue };
                        if self.recent(workspace, conversation, seq).is_none() {
                            self.tell_visitor(workspace, visitor, &Signal::Wake { conversation, seq });
                        }
                    }
                    "conversation.changed" => {
                        self.tell_visitor(workspace, visitor, &Signal::Changed { conversation });
                    }
                    _ => {}
                }
            }
            if let Some(last) = rows.last() {
                known.insert(workspace, last.seq);
            }
        }
        Ok(())
    }
}

/// Follows merges of contacts and what became of messages, in every workspace in which something happened.
async fn merges(core: &Core, heads: &mut HashMap<WorkspaceId, i64>) -> crate::Result<()> {
    for (workspace, head) in feed::heads(&core.db).await? {
        if heads.get(&workspace) != Some(&head) {
            let ctx = core.ctx(workspace, Actor::System);
            crate::visitors::follow_merges(&ctx).await?;
            crate::lines::follow(&ctx).await?;
            heads.insert(workspace, head);
        }
    }
    Ok(())
}
