use kernel::{RawId, Timestamp, UserId};
use serde_json::json;
use store::{Ctx, Feed, params};

use super::{Conversation, queries};
use crate::Result;
use crate::hub::{Hub, Signal};

store::row! {
    /// How far somebody has read.
    #[derive(Debug, Clone, Copy)]
    pub struct Seen {
        /// The member, or the conversation's subject.
        pub who: RawId,
        /// Whether it is a member.
        pub is_agent: bool,
        /// Up to which event.
        pub seq: i64,
        /// When they said so.
        pub at: Timestamp,
    }
}

/// How far everybody has read.
///
/// # Errors
/// When the store fails.
pub async fn seen_of(ctx: &Ctx, row: &Conversation) -> Result<Vec<Seen>> {
    Ok(ctx.db.all(queries::SEEN, params![ctx.workspace, row.id]).await?)
}

/// How far somebody has read; 0 when nothing.
pub(crate) async fn seen_by(ctx: &Ctx, row: &Conversation, who: RawId) -> Result<i64> {
    let found: Option<(i64,)> = ctx.db.get(queries::SEEN_BY, params![ctx.workspace, row.id, who]).await?;
    Ok(found.map_or(0, |found| found.0))
}

/// Somebody has read up to an event: a member, or (none) the person. Marks only move forward, and never past what
/// is there.
///
/// # Errors
/// When the store fails.
pub async fn mark_seen(ctx: &Ctx, hub: &Hub, row: &Conversation, by: Option<UserId>, seq: i64) -> Result<()> {
    let seq = seq.clamp(0, row.last_seq);
    let who = by.map_or(row.subject.0, |user| user.0);
    if seq == 0 || seen_by(ctx, row, who).await? >= seq {
        return Ok(());
    }
    let mut batch = ctx.batch();
    batch.push(queries::SEE, params![ctx.workspace, row.id, who, by.is_some(), seq, ctx.now()]);
    let data = json!({"who": by, "seq": seq});
    batch.feed(Feed { kind: "conversation.seen", entity: row.id.0, data });
    ctx.db.apply(batch).await?;
    let signal = Signal::Seen { conversation: row.id, by, seq };
    hub.tell_agents(ctx.workspace, &signal);
    if let (Some(_), Some(visitor)) = (by, row.visitor) {
        hub.tell_visitor(ctx.workspace, visitor, &signal);
    }
    Ok(())
}
