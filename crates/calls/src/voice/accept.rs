//! Accepting a call: everything that can be said against it is said here, before it is kept.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use billing::prices::Wanted;
use billing::{Micros, balance, prices};
use kernel::{CallId, ContactId, DeliveryId, FlowId, Phone, Timestamp, TopicId};
use people::contacts::{Draft, Origin};
use privacy::claims::{self, Statement};
use privacy::gate::{Ask, ContentMeta, Denial, Grant, Prepared, Queued};
use privacy::provenance::Method;
use privacy::suppression;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::json;
use store::{Blind, Ctx, Feed, NewJob, Value, params};

use super::model::{CallState, CallView, Content};
use super::place::QUEUE;
use super::queries as sql;
use super::service::Voice;
use crate::flows::{self, Flow};
use crate::{Error, Result, settings, trunks};

/// How far ahead a call may be planned, in seconds.
const AHEAD: i64 = 90 * 86_400;
/// For how long a call waits for a free trunk, in seconds.
const PATIENCE: i64 = 3600;
/// Longest reference of the caller's own.
const REFERENCE: usize = 100;

/// What is said in a call.
#[derive(Debug, Clone)]
pub enum Said {
    /// A flow that is kept.
    Kept(FlowId),
    /// A flow that came with the call.
    Flow(Box<Flow>),
}

/// A call that somebody wants to make.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// Whom to call.
    pub to: Phone,
    /// Which of our numbers is shown; `None` for the trunk's first.
    pub from: Option<Phone>,
    /// What is said.
    pub said: Said,
    /// What the flow's words may name.
    pub variables: BTreeMap<String, String>,
    /// What it is for.
    pub purpose: Purpose,
    /// Under which topic.
    pub topic: Option<TopicId>,
    /// On which basis, when it is not on record yet: `contract`, `subject_request` or `legal_obligation`.
    pub basis: Option<BasisKind>,
    /// Not before this instant.
    pub at: Option<Timestamp>,
    /// For how many seconds it may ring: 5 to 120.
    pub ring: u32,
    /// Most seconds: 10 to what the workspace's settings say.
    pub longest: u32,
    /// What the caller of the API calls it.
    pub reference: Option<String>,
    /// Checked and kept like any other, but nobody is called and nothing is charged.
    pub trial: bool,
}

impl NewCall {
    /// A service call with nothing special about it.
    pub fn new(to: Phone, said: Said) -> Self {
        Self {
            to,
            from: None,
            said,
            variables: BTreeMap::new(),
            purpose: Purpose::SERVICE,
            topic: None,
            basis: None,
            at: None,
            ring: 45,
            longest: 600,
            reference: None,
            trial: false,
        }
    }

    fn check(&self, now: Timestamp, longest: u32) -> Result<()> {
        if self.at.is_some_and(|at| at > now.plus_seconds(AHEAD)) {
            return Err(Error::field("call_at", "at most 90 days ahead"));
        }
        if !(5..=120).contains(&self.ring) {
            return Err(Error::field("ring_seconds", "5 to 120"));
        }
        if !(10..=longest).contains(&self.longest) {
            return Err(Error::field(
                "max_seconds",
                format_args!("10 to {longest} (the workspace's settings for calls)"),
            ));
        }
        if self.reference.as_ref().is_some_and(|reference| reference.chars().count() > REFERENCE) {
            return Err(Error::field("reference", "at most 100 characters"));
        }
        let sound = |(name, value): (&String, &String)| name.len() <= 40 && value.chars().count() <= 500;
        if self.variables.len() > 50 || !self.variables.iter().all(sound) {
            return Err(Error::field("variables", "at most 50, with names of 40 and values of 500 characters"));
        }
        if let Some(basis) = self.basis {
            if !matches!(basis, BasisKind::Contract | BasisKind::SubjectRequest | BasisKind::LegalObligation) {
                return Err(Error::field("basis", "contract, subject_request or legal_obligation"));
            }
            if self.purpose == Purpose::MARKETING {
                return Err(Error::field("basis", "marketing rests on what the person agreed to, on record already"));
            }
        }
        Ok(())
    }
}

/// Everything about a call but the gate's answer.
struct Waiting {
    id: CallId,
    contact: ContactId,
    address: Blind,
    country: String,
    from: String,
    flow: Option<FlowId>,
    unit: Micros,
    reserve: Micros,
    due: Timestamp,
    sealed: Option<Vec<u8>>,
}

/// Accepts a call: the gate is asked, the price of its longest duration is set aside, and it is kept, all or
/// nothing. What the gate denies is kept as denied, with the reason.
///
/// # Errors
/// [`Error::Field`], [`Error::NotFound`] for the flow, or billing's; then nothing was kept and nothing is charged.
pub async fn accept(voice: &Voice, ctx: &Ctx, new: NewCall) -> Result<CallView> {
    let now = ctx.now();
    let rules = settings::get(ctx).await?;
    new.check(now, rules.longest)?;
    let country = new.to.country().filter(|country| rules.countries.contains(country));
    let Some(country) = country else {
        let shown = new.to.country().unwrap_or_else(|| "this number's region".to_owned());
        let detail = format_args!("calling {shown} is not allowed in this workspace's settings for calls");
        return Err(Error::field("to", detail));
    };
    let (flow, kept) = match &new.said {
        Said::Kept(id) => (flows::find(ctx, *id).await?.flow, Some(*id)),
        Said::Flow(flow) => {
            flow.check()?;
            ((**flow).clone(), None)
        }
    };
    let from = caller(ctx, new.from.as_ref()).await?;
    let unit = if new.trial { Micros(0) } else { minute(ctx, &country).await? };
    let contact = person(ctx, &new.to, "recipient of a call").await?;
    if let Some(basis) = new.basis {
        state(ctx, contact, &new.purpose, basis).await?;
    }
    let keys = ctx.keys().await?;
    let address = suppression::phone_hash(&keys, &new.to);
    let flow = flow.to_json();
    let content = Content {
        number: new.to.as_str().to_owned(),
        flow: flow.clone(),
        reference: new.reference.clone(),
        variables: new.variables.clone(),
    };
    let subject = ctx.vault.subject(ctx.workspace, contact).await?;
    let waiting = Waiting {
        id: ctx.id(),
        contact,
        address,
        country,
        unit,
        reserve: unit.times(u64::from(new.longest.div_ceil(60))),
        due: new.at.unwrap_or(now).max(now),
        // A person erased since has no key; the gate denies them, and the row carries nothing.
        sealed: content.seal(ctx, contact, &subject).ok(),
        flow: kept,
        from,
    };
    let ask = Ask {
        subject: contact,
        address,
        domain: address,
        channel: Channel::Voice,
        purpose: new.purpose.clone(),
        topic: new.topic,
        content: ContentMeta { hash: Content::hash(&flow, &waiting.from), missing: Vec::new(), promotional: false },
        sender_verified: true,
    };
    let prepared = voice.gate().prepare(ctx, vec![ask]).await?;
    let id = waiting.id;
    if !keep(voice, ctx, (new, waiting), prepared).await? {
        return Err(billing::Error::Insufficient.into());
    }
    voice.wake();
    super::view::get(ctx, id).await
}

/// A refusal inside the transaction, which undoes it.
const UNDO: &str = "undo";

async fn keep(voice: &Voice, ctx: &Ctx, (new, waiting): (NewCall, Waiting), prepared: Prepared) -> Result<bool> {
    let (call, gate) = (ctx.clone(), voice.gate().clone());
    let insufficient = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&insufficient);
    let done = ctx
        .db
        .tx(move |tx| {
            let answer = gate.authorise_many(tx, &prepared, call.now())?.pop();
            let answer = answer.ok_or(store::Error::NotFound("answer"))?.map(admit);
            if answer.is_ok() && !new.trial && !balance::reserve(tx, &call, waiting.id.into(), waiting.reserve)? {
                told.store(true, Ordering::Relaxed);
                return Err(store::Error::Guard(UNDO));
            }
            insert(tx, &call, (&new, &waiting), answer)
        })
        .await;
    match done {
        Ok(()) => Ok(true),
        Err(store::Error::Guard(UNDO)) if insufficient.load(Ordering::Relaxed) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The one place where the gate's leave to queue is used up.
fn admit(queued: Queued) -> Grant {
    queued.into_grant()
}

fn insert(
    tx: &mut store::Tx<'_>,
    ctx: &Ctx,
    (new, waiting): (&NewCall, &Waiting),
    answer: std::result::Result<Grant, Denial>,
) -> store::Result<()> {
    let now = ctx.now();
    let mut batch = ctx.batch();
    let (state, reason, rule, pack, basis, claim, due, finished) = match answer {
        Ok(grant) => {
            let due = grant.until.unwrap_or(now).max(waiting.due);
            let basis = grant.basis.map_or("", |basis| basis.as_str());
            (CallState::Queued, None, grant.rule, grant.pack, basis, grant.event, due, None)
        }
        Err(denial) => (CallState::Denied, Some(denial.reason), denial.rule, denial.pack, "", None, now, Some(now)),
    };
    let sealed = if state == CallState::Denied { Value::Null } else { Value::from(waiting.sealed.clone()) };
    batch.push(
        sql::INSERT,
        params![
            ctx.workspace,
            waiting.id,
            waiting.contact,
            "outbound",
            new.purpose.as_str(),
            new.topic,
            waiting.address,
            waiting.country.as_str(),
            waiting.from.as_str(),
            waiting.flow,
            None::<kernel::TrunkId>,
            new.ring,
            new.longest,
            waiting.unit,
            new.trial,
            state,
            reason,
            rule,
            pack,
            basis,
            claim,
            due,
            due.plus_seconds(PATIENCE),
            0,
            0,
            now,
            finished,
            sealed
        ],
    );
    let kind = if state == CallState::Denied { "call.denied" } else { "call.accepted" };
    let data = json!({ "contact": waiting.contact, "direction": "outbound" });
    batch.feed(Feed { kind, entity: waiting.id.into(), data });
    if state == CallState::Queued {
        batch.job(NewJob::now(QUEUE, json!({})).key("all").at(due));
    }
    tx.apply(batch).map(|_| ())
}

/// The number that is shown: one that some trunk may show.
async fn caller(ctx: &Ctx, wanted: Option<&Phone>) -> Result<String> {
    let all = trunks::list(ctx).await?;
    let mut known = all.iter().flat_map(|trunk| &trunk.rules.caller_ids);
    match wanted {
        Some(wanted) if known.any(|one| one == wanted.as_str()) => Ok(wanted.as_str().to_owned()),
        Some(_) => Err(Error::field("from", "not among the numbers of any trunk of this workspace")),
        None => Ok(String::new()),
    }
}

/// The price of a started minute.
pub(super) async fn minute(ctx: &Ctx, country: &str) -> Result<Micros> {
    let wanted = Wanted { service: "voice", country, network: "", sender: "number" };
    let found = prices::of(ctx, wanted).await?;
    let balance = balance::get(ctx).await?;
    match found {
        Some(price) => Ok(price),
        None if balance.is_limited() => Err(billing::Error::Unpriced.into()),
        None => Ok(Micros(0)),
    }
}

/// The person with this number; somebody new becomes a contact.
pub(super) async fn person(ctx: &Ctx, number: &Phone, source: &str) -> Result<ContactId> {
    if let Some(known) = people::contacts::by_phone(ctx, number).await? {
        return Ok(known);
    }
    let draft = Draft { phones: vec![number.clone()], ..Draft::default() };
    let origin = Origin { method: Method::Api, source: source.to_owned() };
    match people::contacts::create(ctx, draft, &origin).await {
        Ok(contact) => Ok(contact),
        // Two calls with the same new number at the same time.
        Err(error) => people::contacts::by_phone(ctx, number).await?.ok_or_else(|| error.into()),
    }
}

/// States why the workspace calls this person, unless that is on record.
async fn state(ctx: &Ctx, subject: ContactId, purpose: &Purpose, basis: BasisKind) -> Result<()> {
    let known = claims::list(ctx, subject).await?;
    let stands = known.iter().any(|claim| {
        claim.purpose == *purpose && claim.channel == Channel::Voice && claim.basis == basis && claim.state.is_valid()
    });
    if stands {
        return Ok(());
    }
    let keys = ctx.keys().await?;
    let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let statement = Statement {
        subject,
        purpose: purpose.clone(),
        channel: Channel::Voice,
        topic: None,
        basis,
        state: ConsentState::Given,
        at: ctx.now(),
        expires_at: None,
        detail: json!({ "source": "voice", "by": ctx.actor.to_string() }),
    };
    let mut batch = ctx.batch();
    claims::state(&mut batch, ctx, &keys, &subject_keys, statement)?;
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Takes a call back that waits, or hangs up one that is under way on this process.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it is over, or under way on another process.
pub async fn cancel(voice: &Voice, ctx: &Ctx, id: CallId) -> Result<CallView> {
    let view = super::view::get(ctx, id).await?;
    if view.state.is_over() {
        return Err(Error::Conflict("the call is over already"));
    }
    let mut batch = ctx.batch();
    batch.guard(sql::CANCEL, params![ctx.workspace, id, CallState::Cancelled, ctx.now(), CallState::Queued]);
    balance::release(&mut batch, ctx, id.into());
    batch.feed(Feed { kind: "call.cancelled", entity: id.into(), data: json!({ "contact": view.contact }) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) if voice.hang_up(id) => {}
        Err(store::Error::Guard(_)) => return Err(Error::Conflict("the call is under way on another server")),
        other => {
            other?;
        }
    }
    super::view::get(ctx, id).await
}

/// What the gate is asked again when the call is dialled.
pub(super) fn recheck(claimed: &super::model::Claimed, content: &Content) -> Option<privacy::gate::Recheck> {
    let (subject, address) = (claimed.contact?, claimed.address?);
    let purpose = claimed.purpose.parse().unwrap_or(Purpose::MARKETING);
    let hash = Content::hash(&content.flow, &claimed.number);
    let ask = Ask {
        subject,
        address,
        domain: address,
        channel: Channel::Voice,
        purpose,
        topic: claimed.topic,
        content: ContentMeta { hash, missing: Vec::new(), promotional: false },
        sender_verified: true,
    };
    // The book of permits names deliveries; a call is one.
    Some(privacy::gate::Recheck { delivery: DeliveryId(claimed.id.0), ask })
}
