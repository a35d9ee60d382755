//! What happens when somebody follows a short link.

use kernel::{ContactId, DeliveryId, EventId, Phone, RawId, Timestamp, WorkspaceId};
use outbound::texts::{Happened, campaign, happened};
use outbound::tracking::{Signals, classify};
use people::segments::conditions::EventClass;
use privacy::gate::{Withdrawal, record_engagement};
use privacy::suppression::{self, Reason};
use privacy::vocabulary::{Channel, Scope};
use serde_json::{Value as Json, json};
use store::{Actor, Batch, Blind, Core, Ctx, Feed, params};

use super::super::service::Sms;
use super::code::plausible;
use super::queries as sql;
use super::write::{SEALED, is_over};
use crate::Result;

/// The window in which several links followed mean a scanner, in seconds.
const BURST: i64 = 4;
/// How long after a campaign's message an answer is still taken for one to it, in seconds: 30 days.
const ANSWERED: i64 = 30 * 86_400;

store::row! {
    struct Row {
        workspace: WorkspaceId,
        source: RawId,
        message: Option<DeliveryId>,
        contact: Option<ContactId>,
        number: i64,
        kind: String,
        counted: bool,
        language: String,
        expires_at: Timestamp,
        target: Option<String>,
        sealed: Option<Vec<u8>>,
    }
}

/// A short link that was followed.
pub struct Found {
    /// Acts for the person, in the link's workspace.
    pub ctx: Ctx,
    /// The language of the text it stood in.
    pub language: String,
    /// Where it leads; `None` when its time is over, or the person is gone.
    pub target: Option<String>,
    /// Whether it leads to the page by which people leave.
    pub leaves: bool,
    row: Row,
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Found([pii])")
    }
}

/// The link with this code; `None` for one that nobody made, or that is not kept any more.
///
/// # Errors
/// The store's.
pub async fn find(core: &Core, code: &str) -> Result<Option<Found>> {
    if !plausible(code) {
        return Ok(None);
    }
    let Some(row) = core.db.opt::<Row>(sql::FIND, params![code]).await? else { return Ok(None) };
    let ctx = core.ctx(row.workspace, Actor::Person);
    let leaves = row.kind == "leave";
    // Whoever wants no more messages may say so at any time.
    let target = if is_over(row.expires_at, ctx.now()) && !leaves { None } else { target(&ctx, &row).await? };
    Ok(Some(Found { language: row.language.clone(), target, leaves, ctx, row }))
}

async fn target(ctx: &Ctx, row: &Row) -> Result<Option<String>> {
    if let Some(target) = &row.target {
        return Ok(Some(target.clone()));
    }
    let (Some(contact), Some(sealed)) = (row.contact, &row.sealed) else { return Ok(None) };
    let keys = ctx.vault.subject(ctx.workspace, contact).await?;
    let Ok(key) = keys.data() else { return Ok(None) };
    Ok(String::from_utf8(key.open(&ctx.aad(contact, SEALED), sealed)?).ok())
}

/// Records that the link was followed, as far as the person allows.
///
/// # Errors
/// The store's.
pub async fn follow(found: &Found, signals: Signals<'_>) -> Result<()> {
    let (ctx, row) = (&found.ctx, &found.row);
    if !row.counted || found.leaves {
        return Ok(());
    }
    let sent_at = match row.message {
        Some(message) => sent(ctx, message).await?.and_then(|(_, at)| at),
        None => None,
    };
    let since = signals.at.plus_seconds(-BURST);
    let recent: (u32,) = match row.message {
        Some(message) => ctx.db.one(sql::RECENT, params![ctx.workspace, message, since, row.number]).await?,
        None => (0,),
    };
    let class = classify(Signals { sent_at, links_just_followed: recent.0, click: true, ..signals });
    let number = match class {
        EventClass::Human => 0,
        EventClass::ProbableMachine => 1,
        EventClass::Machine => 2,
    };
    let (id, at) = (ctx.id::<EventId>(), signals.at);
    let mut batch = ctx.batch();
    batch.push(sql::CLICK, params![ctx.workspace, row.source, id, row.message, row.number, number, at]);
    if let (Some(message), Some(contact)) = (row.message, row.contact) {
        counted(&mut batch, ctx, (contact, row.source, message), (class, at));
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

fn counted(batch: &mut Batch, ctx: &Ctx, about: (ContactId, RawId, DeliveryId), (class, at): (EventClass, Timestamp)) {
    let (contact, source, message) = about;
    let mut data = json!({ "contact": contact, "class": class.as_str() });
    // A message of its own is its own source.
    if source != RawId::from(message) {
        data["campaign"] = json!(campaign(source));
        happened(batch, ctx, Happened::Clicked(class), about, at);
    }
    batch.feed(Feed { kind: "sms.clicked", entity: message.into(), data });
    if class == EventClass::Human {
        batch.push(sql::CLICKED, params![ctx.workspace, message, at]);
        record_engagement(batch, ctx, contact, at);
    }
}

async fn sent(ctx: &Ctx, message: DeliveryId) -> Result<Option<(Blind, Option<Timestamp>)>> {
    Ok(ctx.db.opt(sql::MESSAGE, params![ctx.workspace, message]).await?)
}

/// The person wants no more messages by SMS: said on the page that the link leads to. Answers when the gate has
/// stopped every message in reach.
///
/// # Errors
/// The privacy engine's, or the store's.
pub async fn leave(sms: &Sms, found: &Found, evidence: Json) -> Result<()> {
    let (ctx, row) = (&found.ctx, &found.row);
    let (Some(message), Some(contact)) = (row.message, row.contact) else { return Ok(()) };
    let address = match sent(ctx, message).await? {
        Some((address, _)) => vec![address],
        None => addresses(ctx, contact).await?,
    };
    let withdrawal = Withdrawal {
        subject: contact,
        addresses: address,
        scope: Scope::Channel(Channel::Sms),
        reason: Reason::Unsubscribe,
        evidence,
    };
    // Leaving on legitimate interest erases the person; nothing more is recorded about them then.
    if sms.gate().withdraw(ctx, withdrawal).await?.erasing {
        return Ok(());
    }
    note_left(ctx, (contact, row.source, message)).await
}

/// The hashes of a person's numbers, when their message is not kept any more.
async fn addresses(ctx: &Ctx, contact: ContactId) -> Result<Vec<Blind>> {
    let keys = ctx.keys().await?;
    let loaded = people::contacts::get_many(ctx, people::ReadFor::OwnPage, &[contact]).await?;
    let phones = loaded.iter().flatten().flat_map(|person| &person.profile.phones);
    let read = phones.filter_map(|phone| Phone::parse(&phone.0, None).ok());
    Ok(read.map(|phone| suppression::phone_hash(&keys, &phone)).collect())
}

/// Counts somebody who stopped messages by answering, for the campaign that they answered.
///
/// # Errors
/// The store's.
pub(in super::super) async fn left(ctx: &Ctx, contact: ContactId) -> Result<()> {
    let since = ctx.now().plus_seconds(-ANSWERED);
    let last: Option<(DeliveryId, RawId)> =
        ctx.db.opt(sql::LAST_OF_CAMPAIGN, params![ctx.workspace, contact, since]).await?;
    match last {
        Some((message, source)) => note_left(ctx, (contact, source, message)).await,
        None => Ok(()),
    }
}

async fn note_left(ctx: &Ctx, (contact, source, message): (ContactId, RawId, DeliveryId)) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(sql::LEFT, params![ctx.workspace, message, ctx.now()]);
    let mut data = json!({ "contact": contact });
    if source != RawId::from(message) {
        data["campaign"] = json!(campaign(source));
        happened(&mut batch, ctx, Happened::Unsubscribed, (contact, source, message), ctx.now());
    }
    batch.feed(Feed { kind: "sms.unsubscribed", entity: message.into(), data });
    ctx.db.apply(batch).await?;
    Ok(())
}
