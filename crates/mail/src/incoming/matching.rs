//! Whose message it is, and how surely.

use kernel::{DeliveryId, Email, WorkspaceId};
use mail_parser::{Message, MessageParser};
use people::segments::conditions::EventKind;
use store::{Actor, Core, Ctx, params};

use super::queries;
use crate::address::{Found, Kind, delivery_of};
use crate::bounce;

/// Most recipients and references that are looked at.
const MOST: usize = 20;

/// How a message was matched; the first three by the address it came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The return path's token.
    Bounce,
    /// The unsubscribe address's token.
    Unsubscribe,
    /// The reply address's token.
    Reply,
    /// A token in what it refers to or returns.
    Reference,
    /// Its writer's address and nothing else: good for stopping mail only.
    Writer,
    /// Not at all.
    Unknown,
}

impl Way {
    pub(super) const ALL: [Self; 6] =
        [Self::Bounce, Self::Unsubscribe, Self::Reply, Self::Reference, Self::Writer, Self::Unknown];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Bounce => "bounce",
            Self::Unsubscribe => "unsubscribe",
            Self::Reply => "reply",
            Self::Reference => "reference",
            Self::Writer => "writer",
            Self::Unknown => "unknown",
        }
    }
}

impl From<Kind> for Way {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Bounce => Self::Bounce,
            Kind::Unsubscribe => Self::Unsubscribe,
            Kind::Reply => Self::Reply,
        }
    }
}

/// A message's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Matched {
    pub(super) workspace: WorkspaceId,
    pub(super) delivery: Option<DeliveryId>,
    pub(super) way: Way,
}

/// Whether mail to this address is for us: its token verifies, or it has none and its domain is one we
/// send from.
pub(super) async fn is_ours(core: &Core, recipient: &str) -> store::Result<bool> {
    match Found::in_address(recipient) {
        Some(found) => Ok(delivery_of(core, &found).await?.is_some()),
        None => Ok(!workspaces(core, recipient).await?.is_empty()),
    }
}

/// The workspaces that send from an address's domain. Anybody may name a domain; who proved it goes
/// first, and a domain that nobody proved must be named by one workspace only.
pub(super) async fn workspaces(core: &Core, address: &str) -> store::Result<Vec<WorkspaceId>> {
    let Ok(address) = Email::parse(address) else { return Ok(Vec::new()) };
    let rows: Vec<(WorkspaceId, bool)> = core.db.all(queries::WHOSE, params![address.ascii_domain()]).await?;
    let proved: Vec<WorkspaceId> = rows.iter().filter(|row| row.1).map(|row| row.0).collect();
    Ok(match rows.as_slice() {
        [(only, false)] => vec![*only],
        _ => proved,
    })
}

async fn verified(core: &Core, found: Found, way: Way) -> store::Result<Option<Matched>> {
    let named = delivery_of(core, &found).await?;
    Ok(named.map(|(workspace, delivery)| Matched { workspace, delivery: Some(delivery), way }))
}

/// The places of a message: one per delivery that its recipients name, else the one that it refers to, else
/// the latest message to its writer, else just the workspace.
pub(super) async fn of(core: &Core, recipients: &[String], raw: &[u8]) -> store::Result<Vec<Matched>> {
    let mut named: Vec<Matched> = Vec::new();
    for found in recipients.iter().take(MOST).filter_map(|recipient| Found::in_address(recipient)) {
        let way = found.kind.into();
        if let Some(matched) = verified(core, found, way).await? {
            match named.iter_mut().find(|known| known.delivery == matched.delivery) {
                // Leaving is what counts when somebody writes to several of our addresses.
                Some(known) if way == Way::Unsubscribe => known.way = way,
                Some(_) => {}
                None => named.push(matched),
            }
        }
    }
    if !named.is_empty() {
        return Ok(named);
    }
    let message = MessageParser::default().parse(raw);
    let mentioned = message.as_ref().map(mentioned).unwrap_or_default();
    for found in mentioned {
        if let Some(matched) = verified(core, found, Way::Reference).await? {
            return Ok(vec![matched]);
        }
    }
    let writer = message.as_ref().and_then(writer);
    let mut first = None;
    for recipient in recipients.iter().take(MOST) {
        for workspace in workspaces(core, recipient).await? {
            first.get_or_insert(workspace);
            if let Some(writer) = &writer
                && let Some(delivery) = latest(&core.ctx(workspace, Actor::System), writer).await?
            {
                return Ok(vec![Matched { workspace, delivery: Some(delivery), way: Way::Writer }]);
            }
        }
    }
    Ok(first.map(|workspace| Matched { workspace, delivery: None, way: Way::Unknown }).into_iter().collect())
}

/// Tokens in what the message refers to, the nearest first, and in what it returns.
fn mentioned(message: &Message<'_>) -> Vec<Found> {
    let mut all = Vec::new();
    for name in ["In-Reply-To", "References"] {
        for (_, value) in message.headers_raw().filter(|(found, _)| found.eq_ignore_ascii_case(name)) {
            let ids = value.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | ','));
            let found = ids.rev().filter(|id| id.contains('@')).filter_map(Found::in_address);
            all.extend(found.filter(|found| found.kind == Kind::Reply).take(MOST));
        }
    }
    all.extend(bounce::token(message));
    all.truncate(MOST);
    all
}

pub(super) fn writer(message: &Message<'_>) -> Option<Email> {
    Email::parse(message.from()?.first()?.address()?).ok()
}

/// The latest message that went to this address's owner.
async fn latest(ctx: &Ctx, writer: &Email) -> store::Result<Option<DeliveryId>> {
    let refused = |error: people::Error| store::Error::Refused(error.problem());
    let Some(contact) = people::contacts::by_email(ctx, writer).await.map_err(refused)? else { return Ok(None) };
    let events = people::events::of(ctx, contact, people::events::SHOWN).await.map_err(refused)?;
    Ok(events.into_iter().filter(|event| event.kind == EventKind::Sent).find_map(|event| event.message))
}
