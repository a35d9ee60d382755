use std::collections::BTreeMap;

use kernel::{ContactId, ConversationId};
use store::{Ctx, SubjectKeys, params};

use super::body::{EventBody, SEALED, open};
use super::queries::{self, EventRow};
use super::{Event, MOST, mark};
use crate::Result;
use crate::model::Author;

fn opened(ctx: &Ctx, conversation: ConversationId, row: EventRow, keys: &SubjectKeys) -> Result<Event> {
    let body = match &row.sealed {
        Some(sealed) => open(ctx, (row.subject, keys), SEALED, sealed)?,
        None => EventBody::default(),
    };
    Ok(Event {
        conversation,
        seq: row.seq,
        thread: row.thread,
        n: row.n,
        at: row.at,
        kind: row.kind,
        visibility: row.visibility,
        author: Author { kind: row.author_kind, id: row.author },
        deleted: row.deleted,
        body,
    })
}

async fn open_all(ctx: &Ctx, rows: Vec<(ConversationId, EventRow)>) -> Result<Vec<Event>> {
    let mut subjects: Vec<ContactId> = rows.iter().map(|(_, row)| row.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let keys: BTreeMap<ContactId, SubjectKeys> =
        subjects.iter().copied().zip(ctx.vault.subjects(ctx.workspace, &subjects).await?).collect();
    let none = SubjectKeys::default();
    rows.into_iter()
        .map(|(conversation, row)| {
            let keys = keys.get(&row.subject).unwrap_or(&none);
            opened(ctx, conversation, row, keys)
        })
        .collect()
}

async fn page(ctx: &Ctx, conversation: ConversationId, rows: Vec<EventRow>) -> Result<Vec<Event>> {
    open_all(ctx, rows.into_iter().map(|row| (conversation, row)).collect()).await
}

/// Events after `seq`, in order, at most [`MOST`].
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn after(ctx: &Ctx, conversation: ConversationId, seq: i64, limit: u32) -> Result<Vec<Event>> {
    let rows = ctx.db.all(queries::AFTER, params![ctx.workspace, conversation, seq, limit.min(MOST)]).await?;
    page(ctx, conversation, rows).await
}

/// The last events before `seq`, in order, at most [`MOST`].
///
/// # Errors
/// As [`after`].
pub async fn before(ctx: &Ctx, conversation: ConversationId, seq: i64, limit: u32) -> Result<Vec<Event>> {
    let mut rows: Vec<EventRow> =
        ctx.db.all(queries::BEFORE, params![ctx.workspace, conversation, seq, limit.min(MOST)]).await?;
    rows.reverse();
    page(ctx, conversation, rows).await
}

/// One event.
///
/// # Errors
/// As [`after`].
pub async fn one(ctx: &Ctx, conversation: ConversationId, seq: i64) -> Result<Option<Event>> {
    let rows = ctx.db.get(queries::ONE, params![ctx.workspace, conversation, seq]).await?;
    Ok(page(ctx, conversation, rows.into_iter().collect()).await?.pop())
}

/// The event that a client's request made before.
///
/// # Errors
/// As [`after`].
pub async fn by_client(ctx: &Ctx, conversation: ConversationId, by: Author, client: &str) -> Result<Option<Event>> {
    let mark = mark(ctx.keys().await?.as_ref(), conversation, by, client);
    let rows = ctx.db.get(queries::BY_CLIENT, params![ctx.workspace, conversation, mark.to_vec()]).await?;
    Ok(page(ctx, conversation, rows.into_iter().collect()).await?.pop())
}

/// Of each conversation the last thing that somebody said.
///
/// # Errors
/// As [`after`].
pub async fn last_shown(ctx: &Ctx, conversations: &[ConversationId]) -> Result<BTreeMap<ConversationId, Event>> {
    let sets = conversations.iter().map(|id| params![ctx.workspace, *id]).collect();
    let rows: Vec<Vec<EventRow>> = ctx.db.many(queries::LAST, sets).await?;
    let rows = conversations.iter().copied().zip(rows).filter_map(|(id, rows)| Some((id, rows.into_iter().next()?)));
    let events = open_all(ctx, rows.collect()).await?;
    Ok(events.into_iter().map(|event| (event.conversation, event)).collect())
}

/// How many things the person said after `seq`, for each conversation.
///
/// # Errors
/// When the store fails.
pub async fn count_from_visitor(ctx: &Ctx, conversations: &[(ConversationId, i64)]) -> Result<Vec<u64>> {
    let sets = conversations.iter().map(|(id, seq)| params![ctx.workspace, *id, *seq]).collect();
    let rows: Vec<Vec<(u64,)>> = ctx.db.many(queries::UNREAD, sets).await?;
    Ok(rows.into_iter().map(|rows| rows.first().map_or(0, |row| row.0)).collect())
}

/// How many things were said to the person after `seq`.
///
/// # Errors
/// When the store fails.
pub(crate) async fn count_for_visitor(ctx: &Ctx, conversation: ConversationId, seq: i64) -> Result<u64> {
    let row: Option<(u64,)> = ctx.db.get(queries::UNREAD_BY_VISITOR, params![ctx.workspace, conversation, seq]).await?;
    Ok(row.map_or(0, |row| row.0))
}
