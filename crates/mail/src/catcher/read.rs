//! Caught messages as their recipient would see them.

use kernel::{ContactId, DeliveryId, MessageId, Timestamp};
use mail_parser::{Address, MessageParser, PartType};
use serde::Serialize;
use store::{Ctx, Result, params};

use super::{SEALED, queries};

/// Most messages of one page.
const PAGE: u32 = 100;

store::row! {
    struct Row {
        id: MessageId,
        delivery: DeliveryId,
        at: Timestamp,
        sealed: Vec<u8>,
    }
}

/// A caught message in a list. Personal: for members who may see messages.
#[derive(Clone, Serialize)]
pub struct Caught {
    /// Its id.
    pub id: MessageId,
    /// The delivery it belongs to.
    pub delivery: DeliveryId,
    /// When it was caught.
    pub at: Timestamp,
    /// Who writes, as `Name <address>`.
    pub from: String,
    /// To whom, as `Name <address>`.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
}

/// A caught message, whole. Personal: for members who may see messages.
#[derive(Clone, Serialize)]
pub struct Captured {
    /// What a list shows of it.
    #[serde(flatten)]
    pub head: Caught,
    /// The HTML part, decoded; show it in a sandboxed frame.
    pub html: Option<String>,
    /// The text part, decoded.
    pub text: Option<String>,
    /// The header fields as they went out.
    pub headers: String,
    /// The whole message as it went out.
    pub raw: String,
}

impl std::fmt::Debug for Caught {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Caught({})", self.id)
    }
}

impl std::fmt::Debug for Captured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Captured({})", self.head.id)
    }
}

fn mailbox(address: Option<&Address<'_>>) -> String {
    let Some(first) = address.and_then(Address::first) else { return String::new() };
    let address = first.address().unwrap_or_default();
    first.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
}

fn head(row: &Row, raw: &[u8]) -> Caught {
    let message = MessageParser::default().parse_headers(raw);
    let message = message.as_ref();
    Caught {
        id: row.id,
        delivery: row.delivery,
        at: row.at,
        from: mailbox(message.and_then(|message| message.from())),
        to: mailbox(message.and_then(|message| message.to())),
        subject: message.and_then(|message| message.subject()).unwrap_or_default().to_owned(),
    }
}

/// The newest caught messages, at most `limit` (and 100), older than `before` when that is given.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, before: Option<MessageId>, limit: u32) -> Result<Vec<Caught>> {
    let before = before.unwrap_or(MessageId([0xff; 16]));
    let rows: Vec<Row> = ctx.db.all(queries::BEFORE, params![ctx.workspace, before, limit.min(PAGE)]).await?;
    heads(ctx, rows).await
}

/// Everything caught for one person.
pub(super) async fn of_contact(ctx: &Ctx, contact: ContactId) -> Result<Vec<Caught>> {
    let rows: Vec<Row> = ctx.db.all(queries::OF_CONTACT, params![ctx.workspace, contact]).await?;
    heads(ctx, rows).await
}

async fn heads(ctx: &Ctx, rows: Vec<Row>) -> Result<Vec<Caught>> {
    let keys = ctx.keys().await?;
    rows.iter().map(|row| Ok(head(row, &keys.open(SEALED, &row.sealed)?))).collect()
}

/// One caught message; `None` when it is unknown or was dropped since.
///
/// # Errors
/// The store's.
pub async fn get(ctx: &Ctx, id: MessageId) -> Result<Option<Captured>> {
    let Some(row): Option<Row> = ctx.db.get(queries::GET, params![ctx.workspace, id]).await? else { return Ok(None) };
    let raw = ctx.keys().await?.open(SEALED, &row.sealed)?;
    let message = MessageParser::default().parse(&raw);
    let part = |wanted: fn(&PartType<'_>) -> bool| {
        let parts = &message.as_ref()?.parts;
        let found = parts.iter().find(|part| wanted(&part.body))?;
        found.text_contents().map(str::to_owned)
    };
    let html = part(|body| matches!(body, PartType::Html(_)));
    let text = part(|body| matches!(body, PartType::Text(_)));
    let end = memchr::memmem::find(&raw, b"\r\n\r\n").map_or(raw.len(), |at| at + 2);
    Ok(Some(Captured {
        head: head(&row, &raw),
        html,
        text,
        headers: String::from_utf8_lossy(&raw[..end]).into_owned(),
        raw: String::from_utf8_lossy(&raw).into_owned(),
    }))
}
