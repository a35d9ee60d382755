//! A campaign's texts become messages: judged, asked about, counted and paid for in one transaction per batch.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use billing::{Micros, balance};
use kernel::{ContactId, DeliveryId, RawId};
use outbound::Run;
use outbound::texts::{Terms, Text, Words};
use parking_lot::Mutex;
use privacy::gate::{Ask, ContentMeta};
use privacy::suppression;
use privacy::vocabulary::Channel;
use serde_json::json;
use store::{Ctx, NewJob, SubjectKeys, params};

use super::super::accept::{UNDO, VALIDITY};
use super::super::caps::Counters;
use super::super::content::{Content, OUTGOING};
use super::super::links::{Bound, Place, tracking};
use super::super::send::QUEUE;
use super::super::service::Sms;
use super::super::waiting::{Answer, Waiting, admit, insert};
use super::queries as sql;
use super::quote::{Desk, Fit, Misfit, known};
use crate::settings::Settings;
use crate::{Error, Result};

/// Messages kept in one transaction.
const BATCH: usize = 250;

/// A message with the reason why it is refused before the gate is asked, or the question.
struct Judged {
    waiting: Waiting,
    refused: Option<&'static str>,
    hash: [u8; 32],
}

/// Keeps the texts as messages of the run.
///
/// # Errors
/// [`Error::Capped`] or billing's when not all could be kept; those before are. The store's.
pub(super) async fn accept(sms: &Sms, ctx: &Ctx, run: &Run, terms: &Terms, texts: Vec<Text>) -> Result<()> {
    let texts = new_ones(ctx, run.source, texts).await?;
    let mut desk = Desk::open(sms, ctx, terms).await?;
    let mut left = texts.as_slice();
    let mut size = BATCH;
    while !left.is_empty() {
        let (now, later) = left.split_at(size.min(left.len()));
        let judged = judge(sms, ctx, (run, terms), (&mut desk, now)).await?;
        match keep(sms, ctx, run, (&desk.settings, judged)).await? {
            Kept::All => left = later,
            // Those for whom it is enough are kept, one by one at last.
            Kept::Capped(_) | Kept::Insufficient if size > 1 => size = size.min(now.len()) / 2,
            Kept::Capped(what) => return Err(Error::Capped(what)),
            Kept::Insufficient => return Err(billing::Error::Insufficient.into()),
        }
        size = size.max(1);
    }
    sms.wake();
    Ok(())
}

/// The texts to people who have no message of the run yet: a chunk that a crash interrupted comes again.
async fn new_ones(ctx: &Ctx, source: RawId, texts: Vec<Text>) -> Result<Vec<Text>> {
    let sets = texts.iter().map(|text| params![ctx.workspace, text.contact, source]).collect();
    let has: Vec<Vec<(ContactId,)>> = ctx.db.many(sql::HAS, sets).await?;
    Ok(texts.into_iter().zip(has).filter(|(_, has)| has.is_empty()).map(|(text, _)| text).collect())
}

async fn judge(
    sms: &Sms,
    ctx: &Ctx,
    (run, terms): (&Run, &Terms),
    (desk, texts): (&mut Desk<'_>, &[Text]),
) -> Result<Vec<Judged>> {
    let contacts: Vec<ContactId> = texts.iter().map(|text| text.contact).collect();
    let subjects = ctx.vault.subjects(ctx.workspace, &contacts).await?;
    let known = known(ctx, contacts.iter().copied()).await?;
    let keys = ctx.keys().await?;
    let counted = counted(sms, ctx, run, texts).await?;
    let mut dice = vec![0; 8 * texts.len()];
    ctx.rng.fill(&mut dice);
    let mut out = Vec::with_capacity(texts.len());
    let each = texts.iter().zip(&subjects).zip(known).zip(counted).zip(dice.as_chunks::<8>().0);
    for ((((text, subject), known), tracked), dice) in each {
        let id: DeliveryId = ctx.id();
        let mut waiting = blank(ctx, (run, terms), (id, text));
        waiting.address = suppression::phone_hash(&keys, &text.phone);
        let words = match &text.says {
            Ok(words) => words,
            Err(reason) => {
                out.push(Judged { waiting, refused: Some(reason), hash: [0; 32] });
                continue;
            }
        };
        let dice = u64::from_be_bytes(*dice);
        let fit = match desk.judge(ctx, (&text.phone, words), (known.as_deref(), dice)).await? {
            Ok(fit) => fit,
            Err(Misfit { reason, country, .. }) => {
                waiting.country = country;
                out.push(Judged { waiting, refused: Some(reason), hash: [0; 32] });
                continue;
            }
        };
        let place = Place { keys: &keys, subject, language: &text.language, tracked, pages: desk.shortens() };
        out.push(fitted(ctx, (waiting, fit), (desk, &place), (text, words)));
    }
    Ok(out)
}

fn blank(ctx: &Ctx, (run, terms): (&Run, &Terms), (id, text): (DeliveryId, &Text)) -> Waiting {
    Waiting {
        id,
        contact: text.contact,
        purpose: run.purpose.clone(),
        topic: run.topic,
        address: [0; 16],
        country: text.phone.country().unwrap_or_default(),
        network: String::new(),
        originator: terms.from.clone().unwrap_or_default(),
        encoding: "GSM_7BIT",
        parts: 0,
        price: Micros(0),
        trial: false,
        due: run.not_before.max(ctx.now()),
        validity: terms.validity.unwrap_or(VALIDITY),
        sealed: None,
        source: Some(run.source),
        links: Vec::new(),
    }
}

fn fitted(
    ctx: &Ctx,
    (mut waiting, fit): (Waiting, Fit),
    (desk, place): (&Desk<'_>, &Place<'_>),
    (text, words): (&Text, &Words),
) -> Judged {
    let source = waiting.source.unwrap_or_default();
    let bound = Bound { source, message: waiting.id, contact: waiting.contact };
    let (said, links) = match desk.shortener() {
        Some(shortener) => shortener.write(ctx, place, (&bound, words)),
        None => (words.text.clone(), Vec::new()),
    };
    waiting.originator = fit.originator.to_string();
    let hash = Content::hash(&said, &waiting.originator);
    waiting.sealed = sealed(ctx, (waiting.contact, text), place.subject, said);
    waiting.country = fit.country;
    waiting.encoding = fit.encoding;
    waiting.parts = fit.parts;
    waiting.price = fit.price;
    waiting.links = links;
    Judged { waiting, refused: None, hash }
}

/// A person erased since has no key; the gate denies them, and the row carries nothing.
fn sealed(ctx: &Ctx, (contact, text): (ContactId, &Text), subject: &SubjectKeys, said: String) -> Option<Vec<u8>> {
    let content =
        Content { number: text.phone.as_str().to_owned(), text: said, shown: None, flash: false, reference: None };
    content.seal(ctx, (contact, OUTGOING), subject).ok()
}

/// Who lets their clicks be counted.
async fn counted(sms: &Sms, ctx: &Ctx, run: &Run, texts: &[Text]) -> Result<Vec<bool>> {
    let links = |text: &Text| text.says.as_ref().is_ok_and(|words| !words.links.is_empty());
    if !run.settings.track || !texts.iter().any(links) {
        return Ok(vec![false; texts.len()]);
    }
    let keys = ctx.keys().await?;
    let asks = texts.iter().map(|text| tracking(text.contact, suppression::phone_hash(&keys, &text.phone))).collect();
    Ok(sms.gate().preview(ctx, asks).await?.into_iter().map(|answer| answer.is_ok()).collect())
}

enum Kept {
    All,
    Capped(&'static str),
    Insufficient,
}

/// What the gate is told that the wording lacks, of what it knows by these names.
fn missing(run: &Run) -> Vec<&'static str> {
    const KNOWN: &[&str] = &["opt_out", "stop_help", "sender_identity"];
    KNOWN.iter().filter(|known| run.settings.missing.iter().any(|code| code == *known)).copied().collect()
}

async fn keep(sms: &Sms, ctx: &Ctx, run: &Run, (settings, judged): (&Settings, Vec<Judged>)) -> Result<Kept> {
    let asks = judged
        .iter()
        .filter(|judged| judged.refused.is_none())
        .map(|judged| Ask {
            subject: judged.waiting.contact,
            address: judged.waiting.address,
            domain: judged.waiting.address,
            channel: Channel::Sms,
            purpose: run.purpose.clone(),
            topic: run.topic,
            content: ContentMeta { hash: judged.hash, missing: missing(run), promotional: false },
            sender_verified: true,
        })
        .collect();
    let prepared = sms.gate().prepare(ctx, asks).await?;
    let (call, gate, settings) = (ctx.clone(), sms.gate().clone(), settings.clone());
    // What was decided when the transaction was undone: its own result can only be an error then.
    let verdict = Arc::new((AtomicU8::new(0), Mutex::new("")));
    let told = Arc::clone(&verdict);
    let done = ctx
        .db
        .tx(move |tx| {
            let mut answers = gate.authorise_many(tx, &prepared, call.now())?.into_iter();
            let mut decided = Vec::with_capacity(judged.len());
            let mut wanted: Vec<(RawId, Micros)> = Vec::new();
            let mut parts: BTreeMap<&str, usize> = BTreeMap::new();
            for one in &judged {
                let answer = match one.refused {
                    Some(reason) => Answer::refused(reason),
                    None => admit(answers.next().ok_or(store::Error::NotFound("answer"))?),
                };
                if matches!(answer, Answer::Queued(_)) {
                    wanted.push((one.waiting.id.into(), one.waiting.price));
                    *parts.entry(&one.waiting.country).or_default() += one.waiting.parts;
                }
                decided.push(answer);
            }
            for (country, parts) in parts {
                if let Some(cap) = Counters::of_country(&settings, country).count(tx, &call, parts)? {
                    *told.1.lock() = cap;
                    told.0.store(1, Ordering::Relaxed);
                    return Err(store::Error::Guard(UNDO));
                }
            }
            if !wanted.is_empty() && !balance::reserve_many(tx, &call, &wanted)? {
                told.0.store(2, Ordering::Relaxed);
                return Err(store::Error::Guard(UNDO));
            }
            let mut batch = call.batch();
            let due =
                judged.iter().zip(decided).filter_map(|(one, answer)| insert(&mut batch, &call, &one.waiting, answer));
            if let Some(due) = due.min() {
                batch.job(NewJob::now(QUEUE, json!({})).key("all").at(due));
            }
            tx.apply(batch).map(|_| ())
        })
        .await;
    match done {
        Ok(()) => Ok(Kept::All),
        Err(store::Error::Guard(UNDO)) if verdict.0.load(Ordering::Relaxed) == 1 => Ok(Kept::Capped(*verdict.1.lock())),
        Err(store::Error::Guard(UNDO)) => Ok(Kept::Insufficient),
        Err(error) => Err(error.into()),
    }
}
