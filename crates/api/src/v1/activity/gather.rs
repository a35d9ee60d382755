//! Asks each slice for its long work.

use campaigns::State;
use people::import::job as imports;
use store::{Ctx, jobs};

use super::{Activity, ActivityKind, ActivityState};
use crate::v1::prelude::*;

/// Seconds for which work that has ended is shown.
const SHOWN: i64 = 86_400;
/// The most items of one kind.
const MOST: usize = 50;
/// Certificates and jobs counted at most.
const COUNTED: u32 = 1000;

/// Everything, running work first.
pub(in crate::v1) async fn all(ctx: &Ctx) -> Result<Vec<Activity>> {
    let since = ctx.now().plus_seconds(-SHOWN);
    let mut out = campaigns(ctx, since).await?;
    out.extend(imported(ctx, since).await?);
    out.extend(bulk(ctx, since).await?);
    out.extend(field_values(ctx).await?);
    out.extend(erasures(ctx, since).await?);
    out.extend(retention(ctx, since).await?);
    let mut out: Vec<Activity> = out.into_iter().map(|work| work.paced(ctx.now())).collect();
    out.sort_by(|a, b| a.is_over().cmp(&b.is_over()).then(b.started_at.cmp(&a.started_at)).then(a.id.cmp(&b.id)));
    Ok(out)
}

async fn campaigns(ctx: &Ctx, since: Timestamp) -> Result<Vec<Activity>> {
    let mut out = Vec::new();
    for head in campaigns::heads(ctx).await? {
        let Some(started_at) = head.started_at else { continue };
        let (state, ended) = match head.state {
            State::Preparing | State::Sending => (ActivityState::Running, None),
            State::Paused => (ActivityState::Paused, None),
            State::Sent => (ActivityState::Done, head.finished_at),
            State::Cancelled => (ActivityState::Cancelled, Some(head.updated_at)),
            State::Draft | State::Scheduled => continue,
        };
        if ended.is_some_and(|at| at < since) || out.len() >= MOST {
            continue;
        }
        let counts = match head.channel {
            "sms" => telecom::messages::run_counts(ctx, head.id.into()).await?,
            _ => outbound::counts(ctx, head.id.into()).await?,
        };
        let ended_ones = counts.sent + counts.failed + counts.denied + counts.cancelled + counts.in_doubt;
        let complete = outbound::get(ctx, head.id.into()).await.is_ok_and(|run| run.complete);
        let mut work = Activity::new(format!("campaign:{}", head.id), ActivityKind::Campaign, state, started_at);
        work.object = Some(head.id.to_string());
        work.title = Some(head.name);
        work.done = ended_ones;
        work.total = (complete || ended.is_some()).then_some(ended_ones + counts.queued + counts.sending);
        work.errors = counts.failed + counts.bounced;
        work.finished_at = ended;
        work.can_pause = state == ActivityState::Running;
        work.can_cancel = ended.is_none();
        out.push(work);
    }
    Ok(out)
}

async fn imported(ctx: &Ctx, since: Timestamp) -> Result<Vec<Activity>> {
    let found = imports::list(ctx, MOST as u32).await?;
    let lately = found.into_iter().filter(|one| one.state == imports::State::Running || one.updated_at >= since);
    Ok(lately
        .map(|one| {
            let state = match one.state {
                imports::State::Running => ActivityState::Running,
                imports::State::Done => ActivityState::Done,
                imports::State::Cancelled => ActivityState::Cancelled,
                imports::State::Failed => ActivityState::Failed,
            };
            let mut work = Activity::new(format!("import:{}", one.id), ActivityKind::Import, state, one.created_at);
            work.object = Some(one.id.to_string());
            work.done = one.report.read;
            work.total = state.is_over().then_some(one.report.read);
            work.errors = one.report.rejected;
            work.finished_at = state.is_over().then_some(one.updated_at);
            work.can_cancel = !state.is_over();
            work
        })
        .collect())
}

async fn bulk(ctx: &Ctx, since: Timestamp) -> Result<Vec<Activity>> {
    let found = people::bulk::list(ctx, MOST as u32).await?;
    let lately = found.into_iter().filter(|one| one.state == people::bulk::State::Running || one.updated_at >= since);
    Ok(lately
        .map(|one| {
            let state = match one.state {
                people::bulk::State::Running => ActivityState::Running,
                people::bulk::State::Finished => ActivityState::Done,
                people::bulk::State::Cancelled => ActivityState::Cancelled,
                people::bulk::State::Failed => ActivityState::Failed,
            };
            let mut work = Activity::new(format!("bulk:{}", one.id), ActivityKind::Bulk, state, one.created_at);
            work.object = Some(one.id.to_string());
            work.title = Some(one.action.as_str().to_owned());
            (work.done, work.total) = (one.done, Some(one.total));
            work.errors = one.failed;
            work.finished_at = state.is_over().then_some(one.updated_at);
            work.can_cancel = !state.is_over();
            work
        })
        .collect())
}

async fn field_values(ctx: &Ctx) -> Result<Vec<Activity>> {
    let found = jobs::waiting(&ctx.db, ctx.workspace, people::unused::QUEUE, MOST as u32).await?;
    Ok(found
        .into_iter()
        .map(|job| {
            let state = match (job.dead, job.attempts) {
                (true, _) => ActivityState::Failed,
                (false, 0) => ActivityState::Waiting,
                (false, _) => ActivityState::Running,
            };
            let begun = store::made_at(job.id.into());
            let mut work = Activity::new(format!("field_values:{}", job.id), ActivityKind::FieldValues, state, begun);
            work.title = job.payload["key"].as_str().map(str::to_owned);
            work.finished_at = job.dead.then_some(job.run_at);
            work
        })
        .collect())
}

/// All that wait are one piece of work, and so are all that were done: nobody is told apart here.
async fn erasures(ctx: &Ctx, since: Timestamp) -> Result<Vec<Activity>> {
    let mut out = Vec::new();
    let waiting = jobs::waiting(&ctx.db, ctx.workspace, privacy::erasure::ERASE_QUEUE, COUNTED).await?;
    if let Some(first) = waiting.first() {
        let begun = store::made_at(first.id.into());
        let mut work = Activity::new("erasure:waiting".into(), ActivityKind::Erasure, ActivityState::Running, begun);
        work.total = Some(waiting.len() as u64);
        work.errors = waiting.iter().filter(|job| job.dead).count() as u64;
        out.push(work);
    }
    let certificates = privacy::erasure::certificates(ctx, None, COUNTED).await?;
    let lately: Vec<_> = certificates.iter().filter(|one| one.completed_at >= since).collect();
    if let (Some(newest), Some(oldest)) = (lately.first(), lately.last()) {
        let (begun, count) = (oldest.requested_at, lately.len() as u64);
        let mut work = Activity::new("erasure:done".into(), ActivityKind::Erasure, ActivityState::Done, begun);
        (work.done, work.total) = (count, Some(count));
        work.finished_at = Some(newest.completed_at);
        out.push(work);
    }
    Ok(out)
}

async fn retention(ctx: &Ctx, since: Timestamp) -> Result<Vec<Activity>> {
    let reports = privacy::retention::reports(ctx, None, 24).await?;
    Ok(reports
        .into_iter()
        .filter(|report| report.at >= since && report.mode == privacy::retention::Mode::Real && report.ended() > 0)
        .map(|report| {
            let id = format!("retention:{}", report.id);
            let mut work = Activity::new(id, ActivityKind::Retention, ActivityState::Done, report.at);
            work.object = Some(report.id.to_string());
            (work.done, work.total) = (report.ended(), report.complete.then_some(report.ended()));
            work.finished_at = Some(report.at);
            work
        })
        .collect())
}
