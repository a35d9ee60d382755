//! Runs: opened, filled, paused, resumed, cancelled, finished.

use std::collections::HashSet;

use kernel::{DeliveryId, RawId, Timestamp, WorkspaceId};
use serde_json::json;
use store::{Actor, Batch, Core, Ctx, NewJob, params};

use crate::deliveries::{self, Counts, DeliveryState, DeliveryView, Run, RunState, queries as sql};
use crate::{Error, Result};

/// The queue whose jobs send runs.
pub(crate) const SEND_QUEUE: &str = "send";

/// Puts a run and the job that sends it into a batch. When everything ended, a job with
/// `{"source": …}` is put on `finish_queue`.
pub fn open(batch: &mut Batch, ctx: &Ctx, run: &Run, finish_queue: &'static str) {
    let settings = serde_json::to_string(&run.settings).unwrap_or_default();
    batch.push(
        sql::INSERT_RUN,
        params![
            ctx.workspace,
            run.source,
            run.channel.as_str(),
            run.purpose.as_str(),
            run.topic,
            run.content,
            run.content_hash,
            settings,
            run.state,
            run.complete,
            run.not_before,
            finish_queue,
            ctx.now()
        ],
    );
    batch.job(send_job(run.source).at(run.not_before));
}

fn send_job(source: RawId) -> NewJob {
    let text = hex(source);
    NewJob::now(SEND_QUEUE, json!({ "source": text })).key(text)
}

/// A source as jobs name it.
pub(crate) fn hex(source: RawId) -> String {
    data_encoding::HEXLOWER.encode(&source)
}

/// The source that a job's payload names.
pub fn source_of(payload: &serde_json::Value) -> Option<RawId> {
    let text = payload.get("source")?.as_str()?;
    data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// A run.
///
/// # Errors
/// [`Error::NotFound`], or the store's.
pub async fn get(ctx: &Ctx, source: RawId) -> Result<Run> {
    ctx.db.get(sql::GET_RUN, params![ctx.workspace, source]).await?.ok_or(Error::NotFound("run"))
}

/// Says that every recipient has a delivery now; the run finishes when all have ended.
pub fn complete(batch: &mut Batch, ctx: &Ctx, source: RawId) {
    batch.push(sql::COMPLETE_RUN, params![ctx.workspace, source, true]);
    batch.job(send_job(source));
}

/// Puts pausing into a batch: nothing is claimed any more; what is in a worker's hands ends.
pub fn pause(batch: &mut Batch, ctx: &Ctx, source: RawId) {
    batch.guard(sql::SET_RUN_STATE, params![ctx.workspace, source, RunState::Paused, RunState::Running]);
}

/// Puts resuming into a batch.
pub fn resume(batch: &mut Batch, ctx: &Ctx, source: RawId) {
    batch.guard(sql::SET_RUN_STATE, params![ctx.workspace, source, RunState::Running, RunState::Paused]);
    batch.job(send_job(source));
}

/// Puts cancelling into a batch: waiting deliveries end as cancelled. `from` is the run's present state.
pub fn cancel(batch: &mut Batch, ctx: &Ctx, source: RawId, from: RunState) {
    batch.guard(sql::SET_RUN_STATE, params![ctx.workspace, source, RunState::Cancelled, from]);
    cancel_waiting(batch, ctx, source);
}

/// Ends what still waits in a cancelled run: inserted, or given back for another attempt, while it
/// was being cancelled.
pub fn cancel_waiting(batch: &mut Batch, ctx: &Ctx, source: RawId) {
    batch.push(sql::CANCEL, params![ctx.workspace, source, DeliveryState::Cancelled, ctx.now(), DeliveryState::Queued]);
}

/// How many deliveries stand where.
///
/// # Errors
/// The store's.
pub async fn counts(ctx: &Ctx, source: RawId) -> Result<Counts> {
    let rows: Vec<(DeliveryState, u64)> = ctx.db.all(sql::COUNT, params![ctx.workspace, source]).await?;
    let mut counts = Counts::default();
    for (state, count) in rows {
        counts.add(state, count);
    }
    for state in [DeliveryState::Denied, DeliveryState::Failed, DeliveryState::Bounced] {
        if counts.of(state) > 0 {
            let about = params![ctx.workspace, source, state];
            for (reason, count) in ctx.db.all::<(Option<String>, u64)>(sql::COUNT_REASONS, about).await? {
                counts.explain(state, reason, count);
            }
        }
    }
    Ok(counts)
}

/// A page of a run's deliveries in order of creation, after `after`.
///
/// # Errors
/// The store's.
pub async fn deliveries(ctx: &Ctx, source: RawId, after: Option<DeliveryId>, limit: u32) -> Result<Vec<DeliveryView>> {
    let after = after.unwrap_or(DeliveryId([0; 16]));
    Ok(ctx.db.all(sql::LIST, params![ctx.workspace, source, after, limit]).await?)
}

/// After a start: marks hand-overs of dead processes as in doubt and makes sure that every open run
/// has its job. `alone_since` is this process's start when it is known that no other one lives.
///
/// # Errors
/// The store's.
pub async fn recover_all(core: &Core, alone_since: Option<Timestamp>) -> Result<u64> {
    let open: Vec<(WorkspaceId, RawId)> = core.db.all(sql::OPEN_RUNS, params![RunState::Finished]).await?;
    let mut doubtful = 0;
    let mut seen = HashSet::new();
    for (workspace, source) in open {
        let ctx = core.ctx(workspace, Actor::System);
        doubtful += deliveries::recover(&ctx, source, alone_since).await?;
        if seen.insert((workspace, source)) {
            let mut batch = ctx.batch();
            batch.job(send_job(source));
            core.db.apply(batch).await?;
        }
    }
    Ok(doubtful)
}
