//! Stored messages: opened for acting on them, for members, and for the person's own access answer.

use kernel::{ContactId, DeliveryId, EventId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{BoxFuture, Ctx, Error, FromValue, PersonalTable, Result, SubjectKeys, Value, params};

use super::matching::Way;
use super::queries;
use crate::reply;

/// The column name under which messages are sealed.
pub(super) const SEALED: &str = "inbound_message.sealed";
/// Most messages of one page.
const PAGE: u32 = 100;

store::row! {
    /// A message as stored.
    pub(super) struct Stored {
        pub(super) id: EventId,
        pub(super) contact: Option<ContactId>,
        pub(super) delivery: Option<DeliveryId>,
        pub(super) way: Way,
        pub(super) kind: String,
        pub(super) intent: Option<String>,
        pub(super) created_at: Timestamp,
        pub(super) handled_at: Option<Timestamp>,
        pub(super) sealed: Option<Vec<u8>>,
    }
}

impl FromValue for Way {
    fn from_value(value: Value) -> Result<Self> {
        let text = String::from_value(value)?;
        Self::ALL.into_iter().find(|way| way.as_str() == text).ok_or(Error::Column("way"))
    }
}

store::row! {
    /// A message that waits for a human.
    #[derive(Debug, Clone, Serialize)]
    pub struct Inbox {
        /// Its id.
        pub id: EventId,
        /// Who wrote, when that is known.
        pub contact: Option<ContactId>,
        /// Which message it answers, when that is known.
        pub delivery: Option<DeliveryId>,
        /// `reply`, `bounce` or `complaint`.
        pub kind: String,
        /// What it asks for, in the vocabulary of reply intents and bounce classes.
        pub intent: Option<String>,
        /// When it came.
        pub created_at: Timestamp,
    }
}

/// A message's words. Personal: for members who may see messages.
#[derive(Clone, Serialize)]
pub struct Letter {
    /// The address it gives as its writer's.
    pub from: Option<String>,
    /// The subject, decoded.
    pub subject: String,
    /// The text, decoded.
    pub text: String,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

pub(super) async fn get(ctx: &Ctx, id: EventId) -> Result<Option<Stored>> {
    ctx.db.get(queries::GET, params![ctx.workspace, id]).await
}

/// The message's octets; [`Error::KeyDestroyed`] when the person was erased, [`Error::NotFound`] when
/// nothing of it is kept.
pub(super) async fn open(ctx: &Ctx, row: &Stored) -> Result<Vec<u8>> {
    let sealed = row.sealed.as_deref().ok_or(Error::NotFound("message"))?;
    match row.contact {
        None => ctx.keys().await?.open(SEALED, sealed),
        Some(contact) => {
            let keys = ctx.vault.subject(ctx.workspace, contact).await?;
            keys.data()?.open(&ctx.aad(contact, SEALED), sealed)
        }
    }
}

/// The newest messages that wait for a human, at most `limit` (and 100), older than `before` when given.
///
/// # Errors
/// The store's.
pub async fn waiting(ctx: &Ctx, before: Option<EventId>, limit: u32) -> Result<Vec<Inbox>> {
    let before = before.unwrap_or(EventId([0xff; 16]));
    ctx.db.all(queries::WAITING, params![ctx.workspace, before, true, limit.min(PAGE)]).await
}

/// The words of one message; `None` when it is unknown or its text was not kept.
///
/// # Errors
/// The store's.
pub async fn read(ctx: &Ctx, id: EventId) -> Result<Option<Letter>> {
    let Some(row) = get(ctx, id).await?.filter(|row| row.sealed.is_some()) else { return Ok(None) };
    Ok(Some(letter(&open(ctx, &row).await?)))
}

fn letter(raw: &[u8]) -> Letter {
    let parts = reply::parts(raw);
    Letter { from: parts.from, subject: parts.subject, text: parts.text }
}

/// Somebody has looked: the message waits no longer.
///
/// # Errors
/// The store's.
pub async fn settle(ctx: &Ctx, id: EventId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(queries::SETTLE, params![ctx.workspace, id, false]);
    ctx.db.apply(batch).await.map(|_| ())
}

fn collect<'a>(ctx: &'a Ctx, contact: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, Result<Vec<serde_json::Value>>> {
    Box::pin(async move {
        let rows: Vec<Stored> = ctx.db.all(queries::OF_CONTACT, params![ctx.workspace, contact]).await?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let letter = open(ctx, &row).await.ok().map(|raw| letter(&raw));
            out.push(json!({ "id": row.id, "received_at": row.created_at, "kind": row.kind, "intent": row.intent,
                "answers": row.delivery, "message": letter }));
        }
        Ok(out)
    })
}

store::personal!(PersonalTable {
    table: "inbound_message",
    class: "comms.content",
    subject: "contact",
    columns: &["digest", "sealed"],
    erase: &[queries::ERASE],
    kept: None,
    collect: Some(collect),
});
store::retention!(store::RetentionRule {
    table: "inbound_message",
    class: "comms.content",
    covers: &[],
    event: "the message came in",
    due_by: store::DueBy::Id,
    find: queries::DUE,
    end: &[queries::END],
    before: None,
    after: None,
});
