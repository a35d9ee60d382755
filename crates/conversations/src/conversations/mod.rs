//! The durable relation of a workspace and one person over a channel, with its threads.

mod actions;
mod details;
mod list;
mod members;
mod personal;
pub(crate) mod queries;
mod seen;
mod tags;

pub(crate) use actions::take_over;
pub use actions::{
    Given, Said, Target, assign, close, contact_known, delete_event, reopen, send, set_properties, snooze, supervise,
    transfer,
};
pub use details::{BotState, Details, MailThread, Properties};
pub use list::{Counts, View, Wanted, counts, list, of_contact};
pub use members::{Member, Members, members};
pub(crate) use queries::Head;
pub use queries::{Conversation, Thread};
pub(crate) use seen::seen_by;
pub use seen::{Seen, mark_seen, seen_of};
pub use tags::{set_tags, tags_of, tags_of_threads, tags_of_workspace};

use kernel::{ConversationId, ThreadId, VisitorId};
use store::{Ctx, params};

use crate::{Error, Result};

/// One conversation.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: ConversationId) -> Result<Conversation> {
    ctx.db.get(queries::GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("conversation"))
}

/// The conversation that a visitor has on the web, the newest one.
///
/// # Errors
/// When the store fails.
pub async fn of_visitor(ctx: &Ctx, visitor: VisitorId) -> Result<Option<Conversation>> {
    Ok(ctx.db.opt(queries::OF_VISITOR, params![ctx.workspace, visitor]).await?)
}

/// A conversation's threads, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn threads(ctx: &Ctx, id: ConversationId) -> Result<Vec<Thread>> {
    Ok(ctx.db.all(queries::THREADS, params![ctx.workspace, id]).await?)
}

/// One thread.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn thread(ctx: &Ctx, id: ThreadId) -> Result<Thread> {
    ctx.db.get(queries::THREAD, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("thread"))
}

/// Every open conversation, as routing looks at it.
pub(crate) async fn heads(ctx: &Ctx) -> Result<Vec<Head>> {
    Ok(ctx.db.all(queries::OPEN_HEADS, params![ctx.workspace]).await?)
}

/// How much a member has not read of each.
///
/// # Errors
/// When the store fails.
pub async fn unread(ctx: &Ctx, rows: &[Conversation], user: kernel::UserId) -> Result<Vec<u64>> {
    list::unread_of(ctx, rows, user).await
}

/// How much the person has not read, and how far both sides have.
///
/// # Errors
/// When the store fails.
pub async fn marks(ctx: &Ctx, row: &Conversation) -> Result<(u64, i64, i64)> {
    let seen = seen_of(ctx, row).await?;
    let own = seen.iter().filter(|mark| !mark.is_agent).map(|mark| mark.seq).max().unwrap_or_default();
    let other = seen.iter().filter(|mark| mark.is_agent).map(|mark| mark.seq).max().unwrap_or_default();
    Ok((crate::events::count_for_visitor(ctx, row.id, own).await?, own, other))
}

/// What rests sealed beside the row.
///
/// # Errors
/// When the key is destroyed or the row damaged.
pub async fn details(ctx: &Ctx, row: &Conversation) -> Result<Details> {
    let keys = ctx.vault.subject(ctx.workspace, row.subject).await?;
    crate::events::open(ctx, (row.subject, &keys), crate::work::DETAILS, &row.sealed)
}
