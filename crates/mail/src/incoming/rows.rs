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
        /// How urgent: `p1`, `p2` or `p3`.
        pub severity: Option<String>,
        /// The queue that a fixed subject chose.
        pub triage: Option<String>,
        /// What was decided, or `answered_automatically`.
        pub decision: Option<String>,
        /// When it came.
        pub created_at: Timestamp,
        /// When a human decided.
        pub settled_at: Option<Timestamp>,
        /// Whether it waits for a human.
        pub waiting: bool,
    }
}

/// What came in from a person, without its words, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn of_contact(ctx: &Ctx, contact: ContactId) -> Result<Vec<CameIn>> {
    let rows: Vec<Stored> = ctx.db.all(queries::OF_CONTACT, params![ctx.workspace, contact]).await?;
    let shown = |row: Stored| CameIn {
        id: row.id,
        delivery: row.delivery,
        kind: row.kind,
        intent: row.intent,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// A message that came in, without its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameIn {
    /// Its id.
    pub id: EventId,
    /// Which message it answers, when that is known.
    pub delivery: Option<DeliveryId>,
    /// `reply`, `bounce` or `complaint`.
    pub kind: String,
    /// What it asks for, in the vocabulary of reply intents and bounce classes.
    pub intent: Option<String>,
    /// When it came.
    pub created_at: Timestamp,
}

/// Which messages are wanted.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those that wait for a human, or those that do not.
    pub waiting: bool,
    /// Only of this intent.
    pub intent: Option<String>,
    /// Only of this severity.
    pub severity: Option<String>,
    /// Only older ones.
    pub before: Option<EventId>,
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

/// The newest messages, at most `limit` (and 101).
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, wanted: &Wanted, limit: u32) -> Result<Vec<Inbox>> {
    let before = wanted.before.unwrap_or(EventId([0xff; 16]));
    let (intent, severity) = (wanted.intent.as_deref().unwrap_or(""), wanted.severity.as_deref().unwrap_or(""));
    let values = params![ctx.workspace, before, wanted.waiting, intent, severity, limit.min(PAGE + 1)];
    ctx.db.all(queries::WAITING, values).await
}

/// The newest messages that wait for a human, at most `limit` (and 100), older than `before` when given.
///
/// # Errors
/// The store's.
pub async fn waiting(ctx: &Ctx, before: Option<EventId>, limit: u32) -> Result<Vec<Inbox>> {
    list(ctx, &Wanted { waiting: true, before, ..Wanted::default() }, limit.min(PAGE)).await
}

/// One message's place in the queue.
///
/// # Errors
/// The store's.
pub async fn one(ctx: &Ctx, id: EventId) -> Result<Option<Inbox>> {
    ctx.db.opt(queries::ONE, params![ctx.workspace, id]).await
}

/// The words of one message; `None` when it is unknown or its text was not kept.
///
/// # Errors
/// The store's.
pub async fn read(ctx: &Ctx, id: EventId) -> Result<Option<Letter>> {
    let Some(row) = get(ctx, id).await?.filter(|row| row.sealed.is_some()) else { return Ok(None) };
    Ok(Some(letter(&open(ctx, &row).await?)))
}

/// The writer's own words of a message, without quotes and signature, and what an answer to it refers to; none when
/// it is not kept any more.
///
/// # Errors
/// When the store fails.
pub async fn own_words(ctx: &Ctx, id: EventId) -> Result<Option<(Letter, outbound::Letter)>> {
    let Some(row) = get(ctx, id).await?.filter(|row| row.sealed.is_some()) else { return Ok(None) };
    let parts = match open(ctx, &row).await {
        Ok(raw) => reply::parts(&raw),
        Err(Error::KeyDestroyed) => return Ok(None),
        Err(error) => return Err(error),
    };
    let own = privacy::replies::own_words(&parts.text);
    let text = if own.trim().is_empty() { parts.text } else { own };
    Ok(Some((Letter { from: parts.from, subject: parts.subject, text }, parts.letter)))
}

/// What an answer to a message refers to; nothing when its text is not there any more.
pub(super) async fn answered(ctx: &Ctx, id: EventId) -> Result<outbound::Letter> {
    let Some(row) = get(ctx, id).await? else { return Ok(outbound::Letter::default()) };
    match open(ctx, &row).await {
        Ok(raw) => Ok(reply::parts(&raw).letter),
        Err(Error::KeyDestroyed | Error::NotFound(_)) => Ok(outbound::Letter::default()),
        Err(error) => Err(error),
    }
}

fn letter(raw: &[u8]) -> Letter {
    let parts = reply::parts(raw);
    Letter { from: parts.from, subject: parts.subject, text: parts.text }
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
