//! The jobs behind a sequence: enrol, step, settle, and take signals.

use ::people::segments::live::Live;
use kernel::{ContactId, SequenceId, Timestamp};
use outbound::Outbound;
use outbound::series::{self, SIGNALS, Signal};
use serde_json::json;
use store::jobs::{self, Handler, Job, Outcome};
use store::{Actor, Batch, BoxFuture, Core, Ctx, Feed, NewJob, params};

use super::model::{PersonState, SequenceState};
use super::people::{self, enrolment, pausing, stopping};
use super::{get, queries as sql, wave};
use crate::audience::Audience;
use crate::{Error, Result};

pub(super) const ENROL_QUEUE: &str = "sequence.enrol";
pub(super) const STEP_QUEUE: &str = "sequence.step";
pub(super) const WAVE_QUEUE: &str = "sequence.wave";

/// People enrolled per transaction.
const CHUNK: u32 = 500;
/// Seconds after which a job is given back, well within its lease.
const SLICE: i64 = 45;
/// The longest time between two looks at who is due, in seconds.
const LOOK: i64 = 900;

/// Lets the step job look again now, in the caller's batch.
pub(super) fn kick(batch: &mut Batch, id: SequenceId) {
    jobs::cancel(batch, STEP_QUEUE, &id.to_string());
    batch.job(NewJob::now(STEP_QUEUE, json!({ "sequence": id })).key(id.to_string()));
}

fn sequence_of(job: &Job) -> Option<SequenceId> {
    job.payload.get("sequence")?.as_str()?.parse().ok()
}

/// A sequence that is gone needs nothing any more.
fn ended(result: Result<Outcome>) -> Result<Outcome, String> {
    match result {
        Err(Error::NotFound) => Ok(Outcome::Done),
        other => other.map_err(|error| error.to_string()),
    }
}

/// Enrols the audience of a sequence.
pub struct EnrolJob(Live);

/// Makes waves of who is due.
pub struct StepJob(Outbound, Live);

/// Moves people on when a wave has ended.
pub struct WaveJob;

/// Takes what came back about messages of sequences.
pub struct SignalJob;

impl EnrolJob {
    /// A handler over the process's audience indexes.
    pub fn new(live: Live) -> Self {
        Self(live)
    }
}

impl StepJob {
    /// A handler over the process's outbound service and audience indexes.
    pub fn new(outbound: Outbound, live: Live) -> Self {
        Self(outbound, live)
    }
}

impl Handler for EnrolJob {
    fn queue(&self) -> &'static str {
        ENROL_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let id = sequence_of(&job).ok_or("the job names no sequence")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            ended(enrol(&ctx, &self.0, id).await)
        })
    }
}

async fn enrol(ctx: &Ctx, live: &Live, id: SequenceId) -> Result<Outcome> {
    let sequence = get(ctx, id).await?;
    if sequence.state != SequenceState::Running {
        return Ok(Outcome::Done);
    }
    let draft = &sequence.draft;
    let audience = Audience::of(ctx, live, id.into(), (draft.topic, draft.segment)).await?;
    let (cursor,): (Option<ContactId>,) = ctx.db.one(sql::CURSOR, params![ctx.workspace, id]).await?;
    let wait = draft.steps.first().map_or(0, |step| i64::from(step.wait_days));
    let until = ctx.now().plus_seconds(SLICE);
    let mut after = cursor.unwrap_or(ContactId([0; 16]));
    loop {
        let (chosen, next) = audience.people(ctx, after, CHUNK).await?;
        let due = ctx.now().plus_seconds(wait * 86_400);
        let moves = chosen.iter().map(|contact| enrolment(ctx, id, *contact, due)).collect();
        people::apply(ctx, id, moves).await?;
        let mut batch = ctx.batch();
        batch.push(sql::SET_CURSOR, params![ctx.workspace, id, next]);
        kick(&mut batch, id);
        ctx.db.apply(batch).await?;
        match next {
            None => return Ok(Outcome::Done),
            Some(_) if ctx.now() >= until => return Ok(Outcome::Again(ctx.now())),
            Some(next) => after = next,
        }
    }
}

impl Handler for StepJob {
    fn queue(&self) -> &'static str {
        STEP_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let id = sequence_of(&job).ok_or("the job names no sequence")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            ended(step(&ctx, (&self.0, &self.1), id).await)
        })
    }
}

async fn step(ctx: &Ctx, (outbound, live): (&Outbound, &Live), id: SequenceId) -> Result<Outcome> {
    let sequence = get(ctx, id).await?;
    if sequence.state != SequenceState::Running {
        return Ok(Outcome::Done);
    }
    for (source, step) in wave::open(ctx, id).await? {
        wave::repair(ctx, (outbound, live), &sequence, (source, usize::try_from(step).unwrap_or_default())).await?;
        wave::settle(ctx, &sequence, (source, step)).await?;
    }
    let opens = sequence.draft.window.as_ref().map_or(ctx.now(), |window| window.next(ctx.now()));
    if opens > ctx.now() {
        return Ok(Outcome::Again(opens.min(ctx.now().plus_seconds(LOOK))));
    }
    let until = ctx.now().plus_seconds(SLICE);
    // The last step first, so that who waits longest is not kept waiting by newcomers.
    for at in (0..sequence.draft.steps.len()).rev() {
        while wave::begin(ctx, (outbound, live), &sequence, at).await? {
            if ctx.now() >= until || outbound.is_closing() || get(ctx, id).await?.state != SequenceState::Running {
                return Ok(Outcome::Again(ctx.now()));
            }
        }
    }
    next(ctx, id).await
}

/// When to look again; a sequence in which nobody is under way has ended.
async fn next(ctx: &Ctx, id: SequenceId) -> Result<Outcome> {
    let (due,): (Option<Timestamp>,) = ctx.db.one(sql::NEXT_DUE, params![ctx.workspace, id]).await?;
    let (active,): (u64,) = ctx.db.one(sql::ACTIVE, params![ctx.workspace, id]).await?;
    let (cursor,): (Option<ContactId>,) = ctx.db.one(sql::CURSOR, params![ctx.workspace, id]).await?;
    if active == 0 && cursor.is_none() {
        let mut batch = ctx.batch();
        batch.push(sql::END, params![ctx.workspace, id, ctx.now()]);
        batch.feed(Feed { kind: "sequence.ended", entity: id.into(), data: json!({}) });
        ctx.db.apply(batch).await?;
        return Ok(Outcome::Done);
    }
    let look = ctx.now().plus_seconds(LOOK);
    Ok(Outcome::Again(due.map_or(look, |due| due.min(look))))
}

impl Handler for WaveJob {
    fn queue(&self) -> &'static str {
        WAVE_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let source = outbound::source_of(&job.payload).ok_or("the job names no run")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            ended(finish(&ctx, source).await)
        })
    }
}

async fn finish(ctx: &Ctx, source: kernel::RawId) -> Result<Outcome> {
    let found: Option<(SequenceId, i64)> = ctx.db.opt(sql::WAVE, params![ctx.workspace, source]).await?;
    let (id, step) = found.ok_or(Error::NotFound)?;
    let sequence = get(ctx, id).await?;
    wave::settle(ctx, &sequence, (source, step)).await?;
    if sequence.state == SequenceState::Running {
        let mut batch = ctx.batch();
        kick(&mut batch, id);
        ctx.db.apply(batch).await?;
    }
    Ok(Outcome::Done)
}

impl Handler for SignalJob {
    fn queue(&self) -> &'static str {
        SIGNALS
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let (id, contact, signal) = series::read(&job.payload).ok_or("the job says nothing that is known")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            ended(take(&ctx, id, contact, signal).await.map(|()| Outcome::Done))
        })
    }
}

async fn take(ctx: &Ctx, id: SequenceId, contact: ContactId, signal: Signal) -> Result<()> {
    let sequence = get(ctx, id).await?;
    // What has left already counts as sent before the person is taken out.
    for wave in wave::open(ctx, id).await? {
        wave::settle(ctx, &sequence, wave).await?;
    }
    match signal {
        Signal::AutoReply => {
            let later = ctx.now().plus_seconds(i64::from(sequence.draft.postpone_days) * 86_400);
            let mut batch = ctx.batch();
            batch.push(sql::POSTPONE, params![ctx.workspace, id, contact, later, ctx.now()]);
            ctx.db.apply(batch).await?;
        }
        Signal::Ambiguous => drop(people::apply(ctx, id, vec![pausing(ctx, id, contact)]).await?),
        ends => {
            let known: Option<(i64, String)> = ctx.db.opt(sql::PERSON, params![ctx.workspace, id, contact]).await?;
            let stopped = people::apply(ctx, id, vec![stopping(ctx, id, contact, ends.as_str())]).await?;
            // Somebody who has all messages already, or was erased by their own refusal, still counts.
            let completed = known.as_ref().is_some_and(|(_, state)| state == PersonState::Completed.as_str());
            if stopped == 0 && (known.is_none() || completed) {
                let mut batch = ctx.batch();
                let what = format!("after:{}", ends.as_str());
                batch.push(sql::ADD, params![ctx.workspace, id, what, 0, 1]);
                ctx.db.apply(batch).await?;
            }
        }
    }
    let mut batch = ctx.batch();
    if sequence.state == SequenceState::Running {
        kick(&mut batch, id);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}
