//! What members do with a sequence, state by state.

use ::people::{segments, topics};
use kernel::{Page, PageRequest, Problem, SequenceId};
use outbound::{Outbound, RunState};
use serde_json::json;
use store::{Batch, Ctx, Feed, NewJob, jobs, params};

use super::jobs::{ENROL_QUEUE, STEP_QUEUE, kick};
use super::model::{Sequence, SequenceDraft, SequenceState};
use super::people::{self, Move};
use super::{queries as sql, wave};
use crate::{Error, Result, lifecycle, prospecting};

/// Makes a draft. Every message is compiled, so a template's mistakes are told at once.
///
/// # Errors
/// [`Error::Invalid`], [`Error::Content`], [`Error::People`] for an unknown topic.
pub async fn create(ctx: &Ctx, outbound: &Outbound, draft: SequenceDraft) -> Result<Sequence> {
    let text = checked(ctx, outbound, &draft).await?;
    let id: SequenceId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(sql::INSERT, params![ctx.workspace, id, text, ctx.now()]);
    told(&mut batch, "sequence.created", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes a draft; `version` is the one that was read.
///
/// # Errors
/// As [`create`]; [`store::Error::Guard`] when somebody else changed it or it is no draft any more.
pub async fn update(
    ctx: &Ctx,
    outbound: &Outbound,
    id: SequenceId,
    version: i64,
    draft: SequenceDraft,
) -> Result<Sequence> {
    expect(&get(ctx, id).await?, &[SequenceState::Draft], "changed")?;
    let text = checked(ctx, outbound, &draft).await?;
    let mut batch = ctx.batch();
    batch.guard(sql::UPDATE, params![ctx.workspace, id, text, ctx.now(), version]);
    told(&mut batch, "sequence.updated", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

async fn checked(ctx: &Ctx, outbound: &Outbound, draft: &SequenceDraft) -> Result<String> {
    draft.check().map_err(Error::Invalid)?;
    topics::get(ctx, draft.topic).await?;
    if let Some(segment) = draft.segment {
        segments::saved::get(ctx, segment).await?;
    }
    let catalog = lifecycle::catalog(ctx).await?;
    let reason = draft.stated().compiled_reason(ctx, &catalog).map_err(Error::Invalid)?;
    let also = reason.as_ref().map_or(&[][..], content::reason::Reason::fields);
    let mut unused = ctx.batch();
    for step in &draft.steps {
        outbound.versions().push_with(&mut unused, ctx, &step.variants(draft.carries_notice()), (&catalog, also))?;
    }
    serde_json::to_string(draft).map_err(|_| Error::Store(store::Error::Column("sequence")))
}

/// A sequence.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn get(ctx: &Ctx, id: SequenceId) -> Result<Sequence> {
    ctx.db.get(sql::GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound)
}

/// Sequences, newest first.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, request: &PageRequest) -> Result<Page<Sequence>> {
    let after = match request.cursor.as_deref() {
        Some(text) => text.parse().map_err(|_| Error::Invalid(Problem::field("cursor", "take it from `next`")))?,
        None => SequenceId([0xff; 16]),
    };
    let limit = request.limit();
    let mut items: Vec<Sequence> = ctx.db.all(sql::LIST, params![ctx.workspace, after, limit + 1]).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let next = items.last().filter(|_| more).map(|sequence| sequence.id.to_string());
    Ok(Page { items, next })
}

/// Deletes a draft.
///
/// # Errors
/// [`Error::State`] for any other.
pub async fn delete(ctx: &Ctx, id: SequenceId) -> Result<()> {
    expect(&get(ctx, id).await?, &[SequenceState::Draft], "deleted")?;
    let mut batch = ctx.batch();
    batch.guard(sql::DELETE, params![ctx.workspace, id]);
    told(&mut batch, "sequence.deleted", id);
    ctx.db.apply(batch).await?;
    Ok(())
}

fn expect(sequence: &Sequence, allowed: &[SequenceState], wanted: &'static str) -> Result<()> {
    if allowed.contains(&sequence.state) {
        return Ok(());
    }
    Err(Error::State { state: sequence.state.as_str(), wanted })
}

fn told(batch: &mut Batch, kind: &'static str, id: SequenceId) {
    batch.feed(Feed { kind, entity: id.into(), data: json!({}) });
}

/// Starts a sequence: freezes the criteria, enrols who is in the audience now, and writes to them
/// as they become due.
///
/// # Errors
/// [`Error::State`], [`Error::Incomplete`] naming what a message lacks, [`Error::SenderNotVerified`],
/// [`Error::Invalid`] naming what prospecting lacks.
pub async fn start(ctx: &Ctx, outbound: &Outbound, id: SequenceId) -> Result<Sequence> {
    let sequence = get(ctx, id).await?;
    expect(&sequence, &[SequenceState::Draft], "started")?;
    let draft = &sequence.draft;
    draft.stated().require(ctx).await?;
    for at in 0..draft.steps.len() {
        let (_, frozen) = wave::run(ctx, outbound, &sequence, (at, ctx.id::<SequenceId>().into())).await?;
        crate::followed::present(ctx, &frozen.version.compiled).await?;
    }
    if !wave::sender_verified(ctx, outbound, draft).await? {
        return Err(Error::SenderNotVerified(draft.from_email.ascii_domain().to_owned()));
    }
    let mut batch = ctx.batch();
    if let Some(segment) = draft.segment.filter(|_| draft.prospecting.is_some()) {
        prospecting::freeze(&mut batch, ctx, id.into(), segment).await?;
    }
    batch.guard(sql::START, params![ctx.workspace, id, ctx.now()]);
    batch.job(NewJob::now(ENROL_QUEUE, json!({ "sequence": id })).key(id.to_string()));
    accounts::audit::record(&mut batch, ctx, "sequence.started", &[&id]);
    told(&mut batch, "sequence.started", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Enrols who came into the audience since; nobody is enrolled twice.
///
/// # Errors
/// [`Error::State`] when it does not run.
pub async fn enrol(ctx: &Ctx, id: SequenceId) -> Result<Sequence> {
    let sequence = get(ctx, id).await?;
    expect(&sequence, &[SequenceState::Running, SequenceState::Ended], "filled")?;
    let mut batch = ctx.batch();
    if sequence.state == SequenceState::Ended {
        batch.guard(sql::MOVE, params![ctx.workspace, id, "running", "ended", ctx.now()]);
    }
    batch.job(NewJob::now(ENROL_QUEUE, json!({ "sequence": id })).key(id.to_string()));
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Holds a sequence: nothing leaves until it is resumed.
///
/// # Errors
/// [`Error::State`].
pub async fn pause(ctx: &Ctx, id: SequenceId) -> Result<Sequence> {
    expect(&get(ctx, id).await?, &[SequenceState::Running], "paused")?;
    let mut batch = ctx.batch();
    batch.guard(sql::MOVE, params![ctx.workspace, id, "paused", "running", ctx.now()]);
    jobs::cancel(&mut batch, STEP_QUEUE, &id.to_string());
    for run in wave::open_runs(ctx, id).await? {
        if run.state == RunState::Running {
            outbound::pause(&mut batch, ctx, run.source);
        }
    }
    told(&mut batch, "sequence.paused", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Goes on with a held sequence.
///
/// # Errors
/// [`Error::State`].
pub async fn resume(ctx: &Ctx, id: SequenceId) -> Result<Sequence> {
    expect(&get(ctx, id).await?, &[SequenceState::Paused], "resumed")?;
    let mut batch = ctx.batch();
    batch.guard(sql::MOVE, params![ctx.workspace, id, "running", "paused", ctx.now()]);
    for run in wave::open_runs(ctx, id).await? {
        if run.state == RunState::Paused {
            outbound::resume(&mut batch, ctx, run.source);
        }
    }
    batch.job(NewJob::now(ENROL_QUEUE, json!({ "sequence": id })).key(id.to_string()));
    kick(&mut batch, id);
    told(&mut batch, "sequence.resumed", id);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Stops a sequence for good; what has not left stays here.
///
/// # Errors
/// [`Error::State`].
pub async fn stop(ctx: &Ctx, id: SequenceId) -> Result<Sequence> {
    let sequence = get(ctx, id).await?;
    expect(&sequence, &[SequenceState::Running, SequenceState::Paused, SequenceState::Ended], "stopped")?;
    let mut batch = ctx.batch();
    batch.guard(sql::MOVE, params![ctx.workspace, id, "stopped", sequence.state.as_str(), ctx.now()]);
    jobs::cancel(&mut batch, STEP_QUEUE, &id.to_string());
    jobs::cancel(&mut batch, ENROL_QUEUE, &id.to_string());
    for run in wave::open_runs(ctx, id).await? {
        if matches!(run.state, RunState::Running | RunState::Paused) {
            outbound::cancel(&mut batch, ctx, run.source, run.state);
        }
    }
    accounts::audit::record(&mut batch, ctx, "sequence.stopped", &[&id]);
    told(&mut batch, "sequence.stopped", id);
    ctx.db.apply(batch).await?;
    let all = Move {
        sql: sql::STOP_ALL,
        values: params![ctx.workspace, id, "sequence_stopped", ctx.now()],
        counted: ("stopped:sequence_stopped".to_owned(), 0),
    };
    people::apply(ctx, id, vec![all]).await?;
    get(ctx, id).await
}
