//! Messages as members see them.

use kernel::{ContactId, DeliveryId, EventId, RouteId, Timestamp};
use store::{Ctx, Error as StoreError, params};

use super::content::{Content, INCOMING, OUTGOING};
use super::model::{InboundView, MessageState, MessageView, Step};
use super::queries as sql;
use crate::{Error, Result};

/// Which messages are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// To this person.
    pub contact: Option<ContactId>,
    /// In this state.
    pub state: Option<MessageState>,
}

/// Number, words and reference of a message; `None` when they are no longer kept.
pub type Words = Option<(String, String, Option<String>)>;

pub(super) async fn get(ctx: &Ctx, id: DeliveryId) -> Result<MessageView> {
    ctx.db.get(sql::GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("message"))
}

/// One message, if it is there.
pub(super) async fn opt(ctx: &Ctx, id: DeliveryId) -> Result<Option<MessageView>> {
    Ok(ctx.db.get(sql::GET, params![ctx.workspace, id]).await?)
}

pub(super) async fn open(
    ctx: &Ctx,
    contact: ContactId,
    column: &'static str,
    sealed: Option<Vec<u8>>,
) -> Result<Words> {
    let Some(sealed) = sealed else { return Ok(None) };
    let keys = ctx.vault.subject(ctx.workspace, contact).await?;
    match Content::open(ctx, (contact, column), &keys, &sealed) {
        Ok(content) => {
            let text = content.readable().to_owned();
            Ok(Some((content.number, text, content.reference)))
        }
        Err(StoreError::KeyDestroyed) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// One message with its number and words.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(ctx: &Ctx, id: DeliveryId) -> Result<(MessageView, Words)> {
    let view = get(ctx, id).await?;
    let sealed: Option<(ContactId, Option<Vec<u8>>)> = ctx.db.get(sql::SEALED, params![ctx.workspace, id]).await?;
    let words = match sealed {
        Some((contact, sealed)) => open(ctx, contact, OUTGOING, sealed).await?,
        None => None,
    };
    Ok((view, words))
}

/// A page of messages, the latest first, before `before`. When both are asked for, the person's are
/// looked through for the state.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, filter: Filter, before: Option<DeliveryId>, limit: u32) -> Result<Vec<MessageView>> {
    let before = before.unwrap_or(DeliveryId([0xff; 16]));
    let rows: Vec<MessageView> = match (filter.contact, filter.state) {
        (Some(contact), _) => ctx.db.all(sql::LIST_OF_CONTACT, params![ctx.workspace, contact, before, limit]).await?,
        (None, Some(state)) => ctx.db.all(sql::LIST_IN_STATE, params![ctx.workspace, state, before, limit]).await?,
        (None, None) => ctx.db.all(sql::LIST, params![ctx.workspace, before, limit]).await?,
    };
    Ok(rows.into_iter().filter(|row| filter.state.is_none_or(|state| row.state == state)).collect())
}

store::row! {
    struct PartRow {
        number: u32,
        route: RouteId,
        state: String,
        code: String,
        at: Timestamp,
        done_at: Option<Timestamp>,
    }
}

/// A message's life, step by step, in order.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn timeline(ctx: &Ctx, id: DeliveryId) -> Result<Vec<Step>> {
    let message = get(ctx, id).await?;
    let parts: Vec<PartRow> = ctx.db.all(sql::PARTS, params![ctx.workspace, id]).await?;
    let tried: Vec<(Timestamp, Option<RouteId>, String)> =
        ctx.db.all(sql::ATTEMPTS, params![ctx.workspace, id]).await?;
    let plain = |at, kind: &str| Step { at, kind: kind.to_owned(), part: None, route: None, detail: None };
    let code = |code: &str| Some(code.to_owned()).filter(|code| !code.is_empty());
    let mut steps = vec![plain(message.created_at, "accepted")];
    steps.extend(tried.into_iter().map(|(at, route, outcome)| Step {
        route,
        detail: Some(outcome),
        ..plain(at, "attempt")
    }));
    for part in parts {
        let step = |at, kind: &str| Step { part: Some(part.number), route: Some(part.route), ..plain(at, kind) };
        let unsent = part.state == "refused" || part.state == "in_doubt";
        let (kind, detail) = if unsent { ("part_refused", code(&part.code)) } else { ("part_sent", None) };
        steps.push(Step { detail, ..step(part.at, if part.state == "in_doubt" { "part_in_doubt" } else { kind }) });
        if let Some(done) = part.done_at {
            let detail =
                if part.code.is_empty() { part.state.clone() } else { format!("{} {}", part.state, part.code) };
            steps.push(Step { detail: Some(detail), ..step(done, "part_ended") });
        }
    }
    if let Some(done) = message.finished_at {
        steps.push(Step {
            detail: message.reason.clone(),
            route: message.route,
            ..plain(done, message.state.as_str())
        });
    }
    steps.sort_by_key(|step| step.at);
    Ok(steps)
}

/// A page of what people wrote, the latest first, before `before`, with number and words.
///
/// # Errors
/// The store's.
pub async fn list_inbound(ctx: &Ctx, before: Option<EventId>, limit: u32) -> Result<Vec<(InboundView, Words)>> {
    let before = before.unwrap_or(EventId([0xff; 16]));
    let rows: Vec<InboundView> = ctx.db.all(sql::LIST_INBOUND, params![ctx.workspace, before, limit]).await?;
    let mut all = Vec::with_capacity(rows.len());
    for mut row in rows {
        let words = open(ctx, row.contact, INCOMING, row.sealed.take()).await?;
        all.push((row, words));
    }
    Ok(all)
}
