//! Tokens: signed with the workspace's keys, so that a page needs no cookie and nothing is kept before somebody
//! begins. A token names a visitor of a widget for a time; a ticket opens one stream and is short-lived, because
//! addresses end up in logs.

use kernel::{RawId, Timestamp, VisitorId, WidgetId, WorkspaceId};
use store::{Core, Ctx};

use crate::Result;

/// How long a token holds, in seconds.
pub const LIFE: i64 = 30 * 86_400;
/// How long a ticket holds, in seconds.
pub const TICKET_LIFE: i64 = 60;

const TOKEN: &str = "chat.token";
const TICKET: &str = "chat.ticket";

/// Whose a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The widget.
    pub widget: WidgetId,
    /// The visitor.
    pub visitor: VisitorId,
    /// Until when it holds.
    pub until: Timestamp,
}

/// Whose a ticket is; its number makes it hold once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// Who.
    pub token: Token,
    /// Its number.
    pub number: RawId,
}

fn payload(token: &Token) -> Vec<u8> {
    let mut out = Vec::with_capacity(72);
    out.extend_from_slice(&token.workspace.0);
    out.extend_from_slice(&token.widget.0);
    out.extend_from_slice(&token.visitor.0);
    out.extend_from_slice(&token.until.0.to_be_bytes());
    out
}

fn parse(workspace: WorkspaceId, bytes: &[u8]) -> Option<Token> {
    let raw = |from: usize| RawId::try_from(bytes.get(from..from + 16)?).ok();
    Some(Token {
        workspace,
        widget: WidgetId(raw(0)?),
        visitor: VisitorId(raw(16)?),
        until: Timestamp(i64::from_be_bytes(bytes.get(32..40)?.try_into().ok()?)),
    })
}

/// Makes a token.
///
/// # Errors
/// When the workspace's keys cannot be read.
pub async fn token(ctx: &Ctx, widget: WidgetId, visitor: VisitorId) -> Result<String> {
    let until = ctx.now().plus_seconds(LIFE);
    let token = Token { workspace: ctx.workspace, widget, visitor, until };
    Ok(ctx.keys().await?.sign(TOKEN, &payload(&token)))
}

/// Reads a token that holds.
///
/// # Errors
/// When the key store fails.
pub async fn read_token(core: &Core, text: &str) -> Result<Option<Token>> {
    let Some((workspace, bytes)) = core.vault.read_token(TOKEN, text).await? else { return Ok(None) };
    Ok(parse(workspace, &bytes).filter(|token| bytes.len() == 40 && core.now() < token.until))
}

/// Makes a ticket for whoever holds a token.
///
/// # Errors
/// When the workspace's keys cannot be read.
pub async fn ticket(ctx: &Ctx, token: &Token) -> Result<String> {
    let mut number = [0; 16];
    ctx.rng.fill(&mut number);
    let token = Token { until: ctx.now().plus_seconds(TICKET_LIFE), ..*token };
    let mut bytes = payload(&token);
    bytes.extend_from_slice(&number);
    Ok(ctx.keys().await?.sign(TICKET, &bytes))
}

/// Reads a ticket that holds.
///
/// # Errors
/// When the key store fails.
pub async fn read_ticket(core: &Core, text: &str) -> Result<Option<Ticket>> {
    let Some((workspace, bytes)) = core.vault.read_token(TICKET, text).await? else { return Ok(None) };
    let number = bytes.get(40..56).and_then(|raw| RawId::try_from(raw).ok());
    let (Some(token), Some(number), 56) = (parse(workspace, &bytes), number, bytes.len()) else { return Ok(None) };
    Ok((core.now() < token.until).then_some(Ticket { token, number }))
}
