//! What comes back about a message: bounces, complaints, unsubscribes and replies. Channels parse
//! the bytes; here is what they mean for the person and the delivery.

use kernel::{CampaignId, ContactId, DeliveryId, Timestamp};
use people::segments::conditions::{EventClass, EventKind};
use people::subscribe::{Leave, unsubscribe_by};
use privacy::gate::{Gate, Withdrawal, record_engagement};
use privacy::replies::Intent;
use privacy::suppression::Reason;
use privacy::vocabulary::{Channel, Purpose, Scope};
use serde_json::{Value as Json, json};
use store::jobs::{Handler, Job, Outcome};
use store::{Batch, Blind, BoxFuture, Core, Ctx, NewJob, params};

use crate::deliveries::{DeliveryRow, DeliveryState, queries as sql};
use crate::receivers::{Fate, count_one};
use crate::series::{self, Signal};
use crate::{Result, events, soft_limit, tracking};

/// The queue of addresses that were refused at hand-over: dead ones, and ones that failed softly.
const SUPPRESS_QUEUE: &str = "outbound.suppress";

/// Puts the job into a batch that looks at an address after a final refusal. The gate's
/// withdrawal is a commit of its own (safety log first), so it cannot be part of this one.
pub(crate) fn look_at_address(batch: &mut Batch, contact: ContactId, address: Blind, class: &str) {
    let address = data_encoding::HEXLOWER.encode(&address);
    let payload = json!({ "contact": contact, "address": address, "class": class });
    batch.job(NewJob::now(SUPPRESS_QUEUE, payload).key(address));
}

/// Suppresses addresses that bounced at hand-over.
pub struct SuppressJob(Gate);

impl SuppressJob {
    /// A handler over the process's one gate.
    pub fn new(gate: Gate) -> Self {
        Self(gate)
    }
}

impl Handler for SuppressJob {
    fn queue(&self) -> &'static str {
        SUPPRESS_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let read = |name: &str| job.payload.get(name).and_then(Json::as_str).ok_or("a field is missing");
            let contact: ContactId = read("contact")?.parse().map_err(|_| "no contact")?;
            let address = data_encoding::HEXLOWER.decode(read("address")?.as_bytes()).map_err(|_| "no hash")?;
            let address: Blind = address.try_into().map_err(|_| "no hash")?;
            let ctx = core.ctx(job.workspace, store::Actor::System);
            let class = read("class")?.to_owned();
            let done = if soft_limit::is_soft(&class) {
                soft_limit::count(&ctx, &self.0, contact, address).await
            } else {
                dead_address(&ctx, &self.0, contact, address, &class).await
            };
            done.map_err(|error| error.to_string())?;
            Ok(Outcome::Done)
        })
    }
}

async fn dead_address(ctx: &Ctx, gate: &Gate, contact: ContactId, address: Blind, class: &str) -> Result<()> {
    let withdrawal = Withdrawal {
        subject: contact,
        addresses: vec![address],
        scope: Scope::Address,
        reason: Reason::HardBounce,
        evidence: json!({ "class": class }),
    };
    gate.withdraw(ctx, withdrawal).await?;
    Ok(())
}

/// A message came back.
#[derive(Debug, Clone)]
pub struct Bounce {
    /// The delivery its return path named.
    pub delivery: DeliveryId,
    /// The class of the bounce reference.
    pub class: &'static str,
    /// Whether the address must not be written to any more.
    pub suppress: bool,
    /// The enhanced status code.
    pub status: Option<String>,
}

/// Records a bounce; a dead address is suppressed, a policy refusal is not held against the person.
///
/// # Errors
/// The store's.
pub async fn bounced(ctx: &Ctx, gate: &Gate, bounce: Bounce) -> Result<()> {
    let Some(row) = DeliveryRow::find(ctx, bounce.delivery).await? else { return Ok(()) };
    let now = ctx.now();
    let about = (row.contact, row.source, row.id);
    let mut batch = ctx.batch();
    batch.push(sql::BOUNCE, params![ctx.workspace, row.id, DeliveryState::Bounced, bounce.class, bounce.status, now]);
    events::push(&mut batch, ctx, EventKind::Bounced, EventClass::Human, about, now);
    events::feed(&mut batch, "message.bounced", about, bounce.class);
    if row.state == DeliveryState::Sent {
        // The same message may come back twice; it is counted once.
        count_one(&mut batch, ctx, &row.domain, &[Fate::Returned, Fate::of_class(bounce.class)]).await?;
    }
    ctx.db.apply(batch).await?;
    if bounce.suppress {
        series::note(ctx, gate, &row, Signal::Bounced).await?;
    }
    if bounce.suppress {
        dead_address(ctx, gate, row.contact, row.address, bounce.class).await?;
    } else if soft_limit::is_soft(bounce.class) {
        soft_limit::count(ctx, gate, row.contact, row.address).await?;
    }
    Ok(())
}

/// The person reported the message as spam: an objection to all marketing. Nobody answers it.
///
/// # Errors
/// The store's.
pub async fn complained(ctx: &Ctx, gate: &Gate, delivery: DeliveryId, kind: &str) -> Result<()> {
    let Some(row) = DeliveryRow::find(ctx, delivery).await? else { return Ok(()) };
    series::note(ctx, gate, &row, Signal::Complained).await?;
    let evidence = json!({ "feedback": kind, "message": delivery });
    if unsubscribe_by(ctx, gate, row.contact, Leave::Complaint, (Some(message(&row)), evidence)).await? {
        told(ctx, &row, "message.complained").await?;
    }
    Ok(())
}

/// What an unsubscribe link or mail asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The topic the message was sent under.
    ThisTopic,
    /// All marketing.
    Everything,
}

/// One-click, the page's button, or a mail to the unsubscribe address. Twice is fine. A delivery that
/// is not known any more needs nothing.
///
/// # Errors
/// The store's; then nothing was acknowledged.
pub async fn unsubscribed(ctx: &Ctx, gate: &Gate, delivery: DeliveryId, asked: Asked, evidence: Json) -> Result<()> {
    let Some(row) = DeliveryRow::find(ctx, delivery).await? else { return Ok(()) };
    series::note(ctx, gate, &row, Signal::OptedOut).await?;
    let leave = match (asked, row.topic) {
        (Asked::ThisTopic, Some(topic)) => Leave::Topic(topic),
        _ => Leave::Everything,
    };
    if unsubscribe_by(ctx, gate, row.contact, leave, (Some(message(&row)), evidence)).await? {
        told(ctx, &row, "message.unsubscribed").await?;
    }
    Ok(())
}

fn message(row: &DeliveryRow) -> (CampaignId, DeliveryId) {
    (CampaignId(row.source), row.id)
}

async fn told(ctx: &Ctx, row: &DeliveryRow, kind: &'static str) -> Result<()> {
    let mut batch = ctx.batch();
    tracking::left(&mut batch, ctx, row, kind == "message.complained");
    if kind == "message.complained" {
        count_one(&mut batch, ctx, &row.domain, &[Fate::Complained]).await?;
    }
    events::feed(&mut batch, kind, (row.contact, row.source, row.id), "human");
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A person answered a message; `intent` is what the answer means. Returns whether a human must look.
///
/// # Errors
/// The store's.
pub async fn replied(ctx: &Ctx, gate: &Gate, delivery: DeliveryId, intent: Intent) -> Result<bool> {
    let Some(row) = DeliveryRow::find(ctx, delivery).await? else { return Ok(false) };
    series::note(ctx, gate, &row, intent.into()).await?;
    let evidence = json!({ "reply_to": delivery, "intent": intent.as_str() });
    match intent {
        Intent::Optout => refuse(ctx, gate, &row, (channel_scope(&row), Reason::Unsubscribe), evidence).await?,
        Intent::ComplaintLegal => {
            unsubscribe_by(ctx, gate, row.contact, Leave::Objection, (Some(message(&row)), evidence)).await?;
        }
        Intent::Ambiguous => refuse(ctx, gate, &row, (channel_scope(&row), Reason::Pause), evidence).await?,
        _ => {}
    }
    if intent != Intent::AutoReply {
        let mut batch = ctx.batch();
        let now: Timestamp = ctx.now();
        record_engagement(&mut batch, ctx, row.contact, now);
        events::feed(&mut batch, "message.replied", (row.contact, row.source, row.id), intent.as_str());
        ctx.db.apply(batch).await?;
    }
    Ok(!matches!(intent, Intent::Optout | Intent::AutoReply))
}

/// "No thanks" from somebody who gave consent stops marketing on that channel; the gate itself
/// widens it for people held on legitimate interest.
fn channel_scope(row: &DeliveryRow) -> Scope {
    row.channel.parse::<Channel>().map_or(Scope::Purpose(Purpose::MARKETING), Scope::Channel)
}

async fn refuse(
    ctx: &Ctx,
    gate: &Gate,
    row: &DeliveryRow,
    (scope, reason): (Scope, Reason),
    evidence: Json,
) -> Result<()> {
    let withdrawal = Withdrawal { subject: row.contact, addresses: vec![row.address], scope, reason, evidence };
    gate.withdraw(ctx, withdrawal).await?;
    Ok(())
}
