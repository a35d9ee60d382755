//! The mail catcher: a next hop inside the process that keeps every message instead of passing it on.
//!
//! It stands at the end of the same channel as a relay does, so the gate has been asked and the permit is
//! used up. What it holds is sealed, bounded, and goes with the person when they are erased.

mod queries;
mod read;

use std::sync::atomic::{AtomicU64, Ordering};

use kernel::MessageId;
use store::{Actor, BoxFuture, Core, Ctx, PersonalTable, SubjectKeys, params};

use crate::channel::About;
use crate::smtp::{Failure, Outcome, Parcel, Reply};

pub use read::{Captured, Caught, get, list};

/// Messages kept per workspace, unless told otherwise.
const MOST: u64 = 1000;
/// After this many messages the oldest beyond the bound are dropped.
const ROUND: u64 = 64;
/// The column name under which messages are sealed.
const SEALED: &str = "caught_message.sealed";

store::personal!(PersonalTable {
    table: "caught_message",
    class: "comms.content",
    subject: "contact",
    columns: &["sealed"],
    erase: &[queries::ERASE],
    kept: None,
    collect: Some(collect),
});

store::retention!(store::RetentionRule {
    table: "caught_message",
    class: "comms.content",
    covers: &[],
    event: "the message was caught",
    due_by: store::DueBy::Id,
    find: queries::DUE,
    end: &[queries::END],
    before: None,
    after: None,
});

fn collect<'a>(
    ctx: &'a Ctx,
    contact: kernel::ContactId,
    _: &'a SubjectKeys,
) -> BoxFuture<'a, store::Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let caught = read::of_contact(ctx, contact).await?;
        Ok(caught.into_iter().filter_map(|caught| serde_json::to_value(caught).ok()).collect())
    })
}

/// Keeps messages instead of sending them.
pub struct Catcher {
    core: Core,
    most: u64,
    kept: AtomicU64,
}

impl Catcher {
    /// A catcher that keeps the last thousand messages of each workspace.
    pub fn new(core: Core) -> Self {
        Self { core, most: MOST, kept: AtomicU64::new(0) }
    }

    /// Keeps about the last `most` messages of each workspace instead (up to 64 more for a while).
    #[must_use]
    pub fn keeping(mut self, most: u64) -> Self {
        self.most = most;
        self
    }

    /// Keeps one message, using its permit up as a mail server's connection would.
    pub(crate) async fn keep(&self, about: About, parcel: Parcel) -> Outcome {
        let Ok(_under_way) = parcel.handover.begin() else { return Outcome::Lost };
        let ctx = self.core.ctx(about.workspace, Actor::System);
        match store(&ctx, about, &parcel.content).await {
            Ok(()) => {}
            Err(error) => {
                tracing::error!(%error, "a caught message cannot be kept");
                return Outcome::NotStarted { cause: Failure::Stopped };
            }
        }
        if self.kept.fetch_add(1, Ordering::Relaxed) % ROUND == ROUND - 1
            && let Err(error) = self.drop_oldest(&ctx).await
        {
            tracing::warn!(%error, "old caught messages cannot be dropped");
        }
        Outcome::Accepted { reply: Reply::local(250, "2.0.0", "caught") }
    }

    async fn drop_oldest(&self, ctx: &Ctx) -> store::Result<()> {
        let (count,): (u64,) = ctx.db.one(queries::COUNT, params![ctx.workspace]).await?;
        let excess = count.saturating_sub(self.most);
        if excess > 0 {
            let mut batch = ctx.batch();
            batch.push(queries::DROP_OLDEST, params![ctx.workspace, excess]);
            ctx.db.apply(batch).await?;
        }
        Ok(())
    }
}

async fn store(ctx: &Ctx, about: About, content: &[u8]) -> store::Result<()> {
    let keys = ctx.keys().await?;
    let id: MessageId = ctx.id();
    let mut batch = ctx.batch();
    let sealed = keys.seal(SEALED, content);
    batch.push(queries::INSERT, params![ctx.workspace, id, about.delivery, about.subject, ctx.now(), sealed]);
    ctx.db.apply(batch).await.map(|_| ())
}
