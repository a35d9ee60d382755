//! One wave: a step of a sequence to everybody who is due, as one run. A wave is written down before
//! its deliveries are, so that a crash in between only means that the same deliveries are inserted
//! again, which changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use ::people::reads::{self, Reader};
use ::people::segments::conditions::EventClass;
use ::people::segments::live::Live;
use kernel::{CampaignId, ContactId, DeliveryId, RawId, SequenceId, Timestamp};
use outbound::{DeliveryState, Outbound, Run, RunState, Source, enqueue};
use privacy::vocabulary::{Channel, Purpose};
use store::{Ctx, params};

use super::jobs::WAVE_QUEUE;
use super::model::{Sequence, SequenceDraft};
use super::people::{self, Move, sent, stopping};
use super::queries as sql;
use crate::lifecycle::{self, Frozen};
use crate::prospecting::REASON_MISSING;
use crate::{Error, Result};

/// People of one wave: the gate's answers and the inserts hold the writer for some milliseconds.
const MOST: u32 = 500;

pub(super) async fn sender_verified(ctx: &Ctx, outbound: &Outbound, draft: &SequenceDraft) -> Result<bool> {
    let channel = outbound.channels().get(Channel::Email).ok_or(outbound::Error::NoChannel(Channel::Email))?;
    Ok(channel.sender_verified(ctx.workspace, &draft.sender()).await)
}

/// The run that a step becomes.
pub(super) async fn run(
    ctx: &Ctx,
    outbound: &Outbound,
    sequence: &Sequence,
    (step, source): (usize, RawId),
) -> Result<(Run, Frozen)> {
    let draft = &sequence.draft;
    let content = draft.steps.get(step).ok_or(Error::NotFound)?.variants(draft.carries_notice());
    let catalog = lifecycle::catalog(ctx).await?;
    let reason = draft.stated().compiled_reason(ctx, &catalog).map_err(Error::Invalid)?;
    let also = reason.as_ref().map_or(&[][..], content::reason::Reason::fields);
    let version = outbound.versions().save_with(ctx, &content, &catalog, also).await?;
    let missing = lifecycle::incomplete(&version, &Purpose::MARKETING, draft.prospecting.is_some())?;
    let workspace = lifecycle::sending_workspace(ctx, &Purpose::MARKETING).await?;
    let topic = ::people::topics::get(ctx, draft.topic).await?;
    let settings = Source {
        sender: draft.sender(),
        list: Some(topic.name),
        organisation: workspace.name,
        postal_address: workspace.postal_address,
        reason: draft.reason.clone().filter(|_| draft.prospecting.is_none()),
        missing: missing.clone(),
        track: draft.track,
        series: Some(sequence.id),
    };
    let run = Run {
        workspace: ctx.workspace,
        source,
        channel: Channel::Email,
        purpose: Purpose::MARKETING,
        topic: Some(draft.topic),
        content: version.id.into(),
        content_hash: version.hash,
        settings,
        state: RunState::Running,
        complete: false,
        not_before: ctx.now(),
    };
    Ok((run, Frozen { version, missing, reason }))
}

/// Makes a wave of those for whom this step is due; false when nobody is.
pub(super) async fn begin(
    ctx: &Ctx,
    (outbound, live): (&Outbound, &Live),
    sequence: &Sequence,
    step: usize,
) -> Result<bool> {
    let (id, now, number) = (sequence.id, ctx.now(), step as i64);
    let due: Vec<(ContactId, Timestamp)> = ctx.db.all(sql::DUE, params![ctx.workspace, id, number, now, MOST]).await?;
    if due.is_empty() {
        return Ok(false);
    }
    // Somebody whose answer is known already has no place in a wave, even if its signal is still to be taken.
    let contacts: Vec<ContactId> = due.iter().map(|one| one.0).collect();
    let halted = privacy::halts::of(ctx, id.into(), &contacts).await?;
    let mut over: BTreeMap<ContactId, String> =
        contacts.iter().zip(halted).filter_map(|(contact, why)| Some((*contact, why?))).collect();
    for contact in converted(ctx, &sequence.draft, &due).await? {
        over.entry(contact).or_insert_with(|| "converted".to_owned());
    }
    let stops = over.iter().map(|(contact, why)| stopping(ctx, id, *contact, why)).collect();
    people::apply(ctx, id, stops).await?;
    let source: CampaignId = ctx.id();
    let (run, frozen) = run(ctx, outbound, sequence, (step, source.into())).await?;
    let mut batch = ctx.batch();
    batch.push(sql::INSERT_WAVE, params![ctx.workspace, source, id, number, now]);
    for (contact, _) in due.iter().filter(|(contact, _)| !over.contains_key(contact)) {
        batch.push(sql::JOIN_WAVE, params![ctx.workspace, id, *contact, source, number, now]);
    }
    outbound::open(&mut batch, ctx, &run, WAVE_QUEUE);
    ctx.db.apply(batch).await?;
    reads::mark(ctx, Reader::Message, &frozen.fields()).await?;
    fill(ctx, (outbound, live), sequence, (&run, &frozen)).await?;
    Ok(true)
}

/// Goes on with a wave that a crash left half made.
pub(super) async fn repair(
    ctx: &Ctx,
    (outbound, live): (&Outbound, &Live),
    sequence: &Sequence,
    (source, step): (RawId, usize),
) -> Result<()> {
    let stored = outbound::get(ctx, source).await?;
    if !stored.complete && stored.state == RunState::Running {
        let (_, frozen) = run(ctx, outbound, sequence, (step, source)).await?;
        fill(ctx, (outbound, live), sequence, (&stored, &frozen)).await?;
    }
    Ok(())
}

/// Inserts the deliveries of a wave. Twice is harmless.
async fn fill(
    ctx: &Ctx,
    (outbound, live): (&Outbound, &Live),
    sequence: &Sequence,
    (run, frozen): (&Run, &Frozen),
) -> Result<()> {
    let id = sequence.id;
    let rows: Vec<(ContactId, Option<DeliveryId>)> =
        ctx.db.all(sql::OF_WAVE, params![ctx.workspace, id, run.source]).await?;
    let first: HashMap<ContactId, DeliveryId> =
        rows.iter().filter_map(|(contact, first)| Some((*contact, (*first)?))).collect();
    let contacts: Vec<ContactId> = rows.iter().map(|row| row.0).collect();
    let mut written = frozen.writing(ctx, live).await?.to(ctx, &contacts).await?;
    if sequence.draft.thread {
        written.follow(|contact| first.get(&contact).copied());
    }
    let mut stops: Vec<Move> =
        written.unreachable.iter().map(|contact| stopping(ctx, id, *contact, "no_address")).collect();
    stops.extend(written.reasonless.iter().map(|(contact, _)| stopping(ctx, id, *contact, REASON_MISSING)));
    outbound::refuse(ctx, run, &written.reasonless, REASON_MISSING).await?;
    people::apply(ctx, id, stops).await?;
    if !written.drafts.is_empty() {
        let verified = sender_verified(ctx, outbound, &sequence.draft).await?;
        enqueue(ctx, outbound.gate(), run, written.drafts, verified).await?;
    }
    let mut batch = ctx.batch();
    outbound::complete(&mut batch, ctx, run.source);
    ctx.db.apply(batch).await?;
    outbound.wake();
    Ok(())
}

/// Who reached the goal after enrolment.
async fn converted(ctx: &Ctx, draft: &SequenceDraft, due: &[(ContactId, Timestamp)]) -> Result<BTreeSet<ContactId>> {
    let mut out = BTreeSet::new();
    if let Some(goal) = &draft.goal_tag {
        let contacts: Vec<ContactId> = due.iter().map(|one| one.0).collect();
        for (contact, tags) in contacts.iter().zip(::people::tags::names_of(ctx, &contacts).await?) {
            if tags.iter().any(|tag| kernel::fold(tag) == kernel::fold(goal)) {
                out.insert(*contact);
            }
        }
    }
    if let Some(goal) = draft.event() {
        for (contact, since) in due {
            let events = ::people::events::of(ctx, *contact, 200).await?;
            let reached = |event: &::people::events::EventRow| {
                event.kind == goal && event.class == EventClass::Human && event.at > *since
            };
            if events.iter().any(reached) {
                out.insert(*contact);
            }
        }
    }
    Ok(out)
}

/// The runs of waves that have not ended.
pub(super) async fn open_runs(ctx: &Ctx, id: SequenceId) -> Result<Vec<Run>> {
    let mut runs = Vec::new();
    for (source, _) in open(ctx, id).await? {
        runs.push(outbound::get(ctx, source).await?);
    }
    Ok(runs)
}

pub(super) async fn open(ctx: &Ctx, id: SequenceId) -> Result<Vec<(RawId, i64)>> {
    Ok(ctx.db.all(sql::OPEN_WAVES, params![ctx.workspace, id]).await?)
}

/// Moves the people of a wave on by what became of their deliveries; true when nothing of it is
/// under way any more.
pub(super) async fn settle(ctx: &Ctx, sequence: &Sequence, (source, step): (RawId, i64)) -> Result<bool> {
    let (mut after, mut under_way) = (None, false);
    loop {
        let page = outbound::list_deliveries(ctx, source, after, MOST).await?;
        let mut moves = Vec::new();
        for delivery in &page {
            match moved(ctx, sequence, (source, step), delivery) {
                Some(one) => moves.push(one),
                None => under_way |= matches!(delivery.state, DeliveryState::Queued | DeliveryState::Sending),
            }
        }
        people::apply(ctx, sequence.id, moves).await?;
        after = page.last().map(|delivery| delivery.id);
        if page.len() < MOST as usize {
            break;
        }
    }
    if !under_way && outbound::get(ctx, source).await?.complete {
        let mut batch = ctx.batch();
        batch.push(sql::CLOSE_WAVE, params![ctx.workspace, source]);
        ctx.db.apply(batch).await?;
        return Ok(true);
    }
    Ok(false)
}

fn moved(ctx: &Ctx, sequence: &Sequence, wave: (RawId, i64), delivery: &outbound::DeliveryView) -> Option<Move> {
    let reason = |fallback: &str| delivery.reason.clone().unwrap_or_else(|| fallback.to_owned());
    let stop = |why: &str| Some(stopping(ctx, sequence.id, delivery.contact, why));
    match delivery.state {
        DeliveryState::Queued | DeliveryState::Sending => None,
        DeliveryState::Sent | DeliveryState::InDoubt => {
            let draft = &sequence.draft;
            let got = wave.1 + 1;
            let next = usize::try_from(got).ok().and_then(|at| draft.steps.get(at));
            let touched = draft.max_touches.is_some_and(|most| got >= i64::from(most));
            let next = match next {
                Some(_) if touched => Err(Some("touches")),
                Some(next) => {
                    let from = delivery.sent_at.unwrap_or(delivery.created_at);
                    Ok(from.plus_seconds(i64::from(next.wait_days) * 86_400))
                }
                None => Err(None),
            };
            Some(sent(ctx, sequence.id, (delivery.contact, delivery.id), wave, next))
        }
        DeliveryState::Bounced => stop("bounced"),
        DeliveryState::Failed => stop(&reason("failed")),
        DeliveryState::Denied => stop(&reason("denied")),
        // The signal that ended the series says why.
        DeliveryState::Cancelled if delivery.reason.as_deref() == Some("series_ended") => None,
        DeliveryState::Cancelled => stop("cancelled"),
    }
}
