//! `GET /v1/conversations/counts`

use conversations::conversations as rows;

use super::me;
use crate::v1::prelude::*;

/// How many conversations there are of each kind.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationCounts {
    /// Open ones of yours.
    mine: u64,
    /// Open ones that nobody has.
    unassigned: u64,
    /// In the queue.
    queued: u64,
    /// With a bot.
    bot: u64,
    /// All open ones.
    open: u64,
    /// Snoozed ones.
    snoozed: u64,
    /// Yours with something you have not read.
    unread: u64,
    /// In which the person waits for an answer.
    waiting: u64,
}

/// How many conversations there are of each kind.
#[utoipa::path(get, path = "/v1/conversations/counts", security(("key" = ["conversations:read"])),
    responses((status = 200, body = ConversationCounts)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<ConversationCounts>> {
    let ctx = caller.require("conversations:read")?;
    let all = rows::counts(&ctx, me(&caller)).await?;
    Ok(JsonBody(ConversationCounts {
        mine: all.mine,
        unassigned: all.unassigned,
        queued: all.queued,
        bot: all.bot,
        open: all.open,
        snoozed: all.snoozed,
        unread: all.unread,
        waiting: all.waiting,
    }))
}
