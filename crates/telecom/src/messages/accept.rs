//! Accepting a message: everything that can be said against it is said here, before it is kept.

use billing::prices::Wanted;
use billing::{Micros, balance, prices};
use kernel::{ContactId, DeliveryId, Phone, Timestamp, TopicId};
use people::contacts::{Draft, Origin};
use privacy::claims::{self, Statement};
use privacy::gate::{Ask, ContentMeta, Prepared};
use privacy::provenance::Method;
use privacy::suppression;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::json;
use store::{Ctx, Feed, NewJob, params};

use super::caps::Counters;
use super::content::{Content, OUTGOING};
use super::links::{Bound, Shortener};
use super::model::{MessageState, MessageView};
use super::queries as sql;
use super::send::QUEUE;
use super::service::Sms;
use super::waiting::{Answer, Waiting, admit, insert};
use crate::sms::{Originator, Reference, segment};
use crate::{Error, Result, senders, settings};

/// How far ahead a message may be scheduled, in seconds.
const AHEAD: i64 = 90 * 86_400;
/// How long operators try, when nothing was said, in seconds.
pub(super) const VALIDITY: u32 = 2 * 86_400;
/// Longest reference of the sender's own.
const REFERENCE: usize = 100;

/// A message that somebody wants to send.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Its own id, when somebody keeps one for it: a second message with it is the first one.
    pub id: Option<DeliveryId>,
    /// To whom.
    pub to: Phone,
    /// From what; `None` lets the workspace's senders decide.
    pub from: Option<Originator>,
    /// The words.
    pub text: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Under which topic.
    pub topic: Option<TopicId>,
    /// On which basis, when it is not on record yet: `contract`, `subject_request` or `legal_obligation`.
    pub basis: Option<BasisKind>,
    /// Not before this instant.
    pub at: Option<Timestamp>,
    /// For how many seconds from then on it may be delivered: 60 to 172 800.
    pub validity: Option<u32>,
    /// Shown at once and not kept by the telephone.
    pub flash: bool,
    /// The network of the number (MCC and MNC), when known.
    pub network: Option<String>,
    /// What the sender calls it.
    pub reference: Option<String>,
    /// What members are shown in place of the words, for words that are the person's alone, such as a code.
    pub shown: Option<String>,
    /// Checked, priced and kept like any other, but nothing leaves and nothing is charged.
    pub trial: bool,
    /// Web addresses are written short; clicks of people who allow it are counted.
    pub shorten: bool,
}

impl NewMessage {
    /// A service message with nothing special about it.
    pub fn new(to: Phone, text: impl Into<String>) -> Self {
        Self {
            id: None,
            to,
            from: None,
            text: text.into(),
            purpose: Purpose::SERVICE,
            topic: None,
            basis: None,
            at: None,
            validity: None,
            flash: false,
            network: None,
            reference: None,
            shown: None,
            trial: false,
            shorten: false,
        }
    }

    pub(super) fn check(&self, now: Timestamp) -> Result<()> {
        if self.text.trim().is_empty() {
            return Err(Error::field("text", "something to say"));
        }
        if self.at.is_some_and(|at| at > now.plus_seconds(AHEAD)) {
            return Err(Error::field("send_at", "at most 90 days ahead"));
        }
        if self.validity.is_some_and(|seconds| !(60..=172_800).contains(&seconds)) {
            return Err(Error::field("validity", "60 to 172800 seconds"));
        }
        let digits = |text: &String| (5..=6).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if self.network.as_ref().is_some_and(|network| !digits(network)) {
            return Err(Error::field("network", "MCC and MNC in five or six digits"));
        }
        if self.reference.as_ref().is_some_and(|reference| reference.chars().count() > REFERENCE) {
            return Err(Error::field("reference", "at most 100 characters"));
        }
        if let Some(basis) = self.basis {
            let stated = matches!(basis, BasisKind::Contract | BasisKind::SubjectRequest | BasisKind::LegalObligation);
            if !stated {
                return Err(Error::field("basis", "contract, subject_request or legal_obligation"));
            }
            if self.purpose == Purpose::MARKETING {
                return Err(Error::field("basis", "marketing rests on what the person agreed to, on record already"));
            }
        }
        Ok(())
    }
}

/// What the transaction decided.
enum Decided {
    Kept,
    Capped(&'static str),
    Insufficient,
}

/// Accepts a message: the gate is asked, caps are counted, its price is set aside, and it is kept, all or
/// nothing. What the gate denies is kept as denied, with the reason.
///
/// # Errors
/// [`Error::Field`], [`Error::Country`], [`Error::Sender`], [`Error::Capped`], or billing's; then nothing
/// was kept and nothing is charged.
pub async fn accept(sms: &Sms, ctx: &Ctx, new: NewMessage) -> Result<MessageView> {
    let now = ctx.now();
    new.check(now)?;
    if let Some(id) = new.id
        && let Some(known) = super::view::opt(ctx, id).await?
    {
        return Ok(known);
    }
    let rules = settings::get(ctx).await?;
    let country = new.to.country().filter(|country| rules.countries.contains(country));
    let Some(country) = country else {
        return Err(Error::Country(new.to.country().unwrap_or_else(|| "this number's region".to_owned())));
    };
    let shortener = new.shorten.then(|| Shortener::new(sms.public_url())).flatten();
    // Every short link is as long as any other, so its length is known before it is.
    let measured = shortener.as_ref().map_or_else(|| new.text.clone(), |shortener| shortener.measure(&new.text));
    let segments = segment(&measured, Reference::Short)?;
    if segments.parts.len() > rules.parts {
        let detail = format!("{} parts; the workspace's limit is {}", segments.parts.len(), rules.parts);
        return Err(Error::field("text", detail));
    }
    let known = people::contacts::by_phone(ctx, &new.to).await?;
    let originator = sender(ctx, &new, (known, &country)).await?;
    let unit = unit_price(ctx, &new, &country, &originator).await?;
    // Nothing is kept about somebody new until there is nothing else against the message.
    let contact = match known {
        Some(contact) => contact,
        None => person(ctx, &new.to).await?,
    };
    if let Some(basis) = new.basis {
        state(ctx, contact, &new.purpose, basis).await?;
    }
    let keys = ctx.keys().await?;
    let address = suppression::phone_hash(&keys, &new.to);
    let subject = ctx.vault.subject(ctx.workspace, contact).await?;
    let id: DeliveryId = new.id.unwrap_or_else(|| ctx.id());
    let (text, links) = match &shortener {
        Some(shortener) => {
            let bound = Bound { source: id.into(), message: id, contact };
            shortener.single(sms, ctx, (&new, address), (&bound, &subject)).await?
        }
        None => (new.text.clone(), Vec::new()),
    };
    let content = Content {
        number: new.to.as_str().to_owned(),
        text: text.clone(),
        shown: new.shown.clone(),
        flash: new.flash,
        reference: new.reference.clone(),
    };
    let waiting = Waiting {
        id,
        contact,
        purpose: new.purpose.clone(),
        topic: new.topic,
        address,
        network: new.network.clone().unwrap_or_default(),
        originator: originator.to_string(),
        encoding: segments.encoding.as_str(),
        parts: segments.parts.len(),
        price: unit.times(segments.parts.len() as u64),
        trial: new.trial,
        due: new.at.unwrap_or(now).max(now),
        validity: new.validity.unwrap_or(VALIDITY),
        // A person erased since has no key; the gate denies them, and the row carries nothing.
        sealed: content.seal(ctx, (contact, OUTGOING), &subject).ok(),
        country,
        source: None,
        links,
    };
    let counters = Counters::of(&rules, &keys, &new.to, &waiting.country);
    let ask = Ask {
        subject: contact,
        address,
        domain: address,
        channel: Channel::Sms,
        purpose: new.purpose.clone(),
        topic: new.topic,
        content: ContentMeta {
            hash: Content::hash(&text, &waiting.originator),
            missing: Vec::new(),
            promotional: false,
        },
        sender_verified: true,
    };
    let prepared = sms.gate().prepare(ctx, vec![ask]).await?;
    let once = new.id.is_some();
    let kept = match keep(sms, ctx, waiting, (prepared, counters)).await {
        // Somebody else brought the same message at the same time.
        Err(Error::Store(store::Error::Unique(_))) if once => Decided::Kept,
        other => other?,
    };
    match kept {
        Decided::Kept => {
            sms.wake();
            super::view::get(ctx, id).await
        }
        Decided::Capped(what) => Err(Error::Capped(what)),
        Decided::Insufficient => Err(billing::Error::Insufficient.into()),
    }
}

/// A refusal inside the transaction, which undoes it.
pub(super) const UNDO: &str = "undo";

async fn keep(sms: &Sms, ctx: &Ctx, waiting: Waiting, (prepared, counters): (Prepared, Counters)) -> Result<Decided> {
    use std::sync::atomic::{AtomicU8, Ordering};
    let (call, gate) = (ctx.clone(), sms.gate().clone());
    // What was decided when the transaction was undone: its own result can only be an error then.
    let verdict = std::sync::Arc::new((AtomicU8::new(0), parking_lot::Mutex::new("")));
    let told = std::sync::Arc::clone(&verdict);
    let done = ctx
        .db
        .tx(move |tx| {
            let answer = gate.authorise_many(tx, &prepared, call.now())?.pop();
            let answer = admit(answer.ok_or(store::Error::NotFound("answer"))?);
            if matches!(answer, Answer::Queued(_)) && !waiting.trial {
                if let Some(cap) = counters.count(tx, &call, waiting.parts)? {
                    *told.1.lock() = cap;
                    told.0.store(1, Ordering::Relaxed);
                    return Err(store::Error::Guard(UNDO));
                }
                if !balance::reserve(tx, &call, waiting.id.into(), waiting.price)? {
                    told.0.store(2, Ordering::Relaxed);
                    return Err(store::Error::Guard(UNDO));
                }
            }
            let mut batch = call.batch();
            if let Some(due) = insert(&mut batch, &call, &waiting, answer) {
                batch.job(NewJob::now(QUEUE, json!({})).key("all").at(due));
            }
            tx.apply(batch).map(|_| ())
        })
        .await;
    match done {
        Ok(()) => Ok(Decided::Kept),
        Err(store::Error::Guard(UNDO)) if verdict.0.load(Ordering::Relaxed) == 1 => {
            Ok(Decided::Capped(*verdict.1.lock()))
        }
        Err(store::Error::Guard(UNDO)) => Ok(Decided::Insufficient),
        Err(error) => Err(error.into()),
    }
}

/// Somebody new becomes a contact.
async fn person(ctx: &Ctx, to: &Phone) -> Result<ContactId> {
    let draft = Draft { phones: vec![to.clone()], ..Draft::default() };
    let origin = Origin { method: Method::Api, source: "recipient of a message".to_owned() };
    match people::contacts::create(ctx, draft, &origin).await {
        Ok(contact) => Ok(contact),
        // Two messages to the same new number at the same time.
        Err(error) => people::contacts::by_phone(ctx, to).await?.ok_or_else(|| error.into()),
    }
}

pub(super) async fn sender(
    ctx: &Ctx,
    new: &NewMessage,
    (contact, country): (Option<ContactId>, &str),
) -> Result<Originator> {
    let pool = senders::list(ctx).await?;
    let before: Option<(String,)> = match contact {
        Some(contact) => ctx.db.opt(sql::KNOWN_SENDER, params![ctx.workspace, contact]).await?,
        None => None,
    };
    let mut dice = [0; 8];
    ctx.rng.fill(&mut dice);
    let before = before.as_ref().map(|(value,)| value.as_str());
    senders::choose(&pool, new.from.as_ref(), before, (country, u64::from_be_bytes(dice)))
}

pub(super) async fn unit_price(ctx: &Ctx, new: &NewMessage, country: &str, originator: &Originator) -> Result<Micros> {
    let network = new.network.as_deref().unwrap_or_default();
    let wanted = Wanted { service: "sms", country, network, sender: originator.kind() };
    let found = prices::of(ctx, wanted).await?;
    let balance = balance::get(ctx).await?;
    match found {
        Some(price) => Ok(price),
        None if balance.is_limited() => Err(billing::Error::Unpriced.into()),
        None => Ok(Micros(0)),
    }
}

/// States why the workspace writes to this person by SMS, unless that is on record.
async fn state(ctx: &Ctx, subject: ContactId, purpose: &Purpose, basis: BasisKind) -> Result<()> {
    let known = claims::list(ctx, subject).await?;
    let stands = known.iter().any(|claim| {
        claim.purpose == *purpose && claim.channel == Channel::Sms && claim.basis == basis && claim.state.is_valid()
    });
    if stands {
        return Ok(());
    }
    let keys = ctx.keys().await?;
    let subject_keys = ctx.vault.subject(ctx.workspace, subject).await?;
    let statement = Statement {
        subject,
        purpose: purpose.clone(),
        channel: Channel::Sms,
        topic: None,
        basis,
        state: ConsentState::Given,
        at: ctx.now(),
        expires_at: None,
        detail: json!({ "source": "sms", "by": ctx.actor.to_string() }),
    };
    let mut batch = ctx.batch();
    claims::state(&mut batch, ctx, &keys, &subject_keys, statement)?;
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Takes a message back that has not left; what was set aside for it is available again.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it has left or ended.
pub async fn cancel(ctx: &Ctx, id: DeliveryId) -> Result<MessageView> {
    super::view::get(ctx, id).await?;
    let mut batch = ctx.batch();
    let states = (MessageState::Cancelled, MessageState::Queued);
    batch.guard(sql::CANCEL, params![ctx.workspace, id, states.0, ctx.now(), states.1]);
    balance::release(&mut batch, ctx, id.into());
    batch.feed(Feed { kind: "sms.cancelled", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::Conflict("the message has left or ended already")),
        other => {
            other?;
            super::view::get(ctx, id).await
        }
    }
}
