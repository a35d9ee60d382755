//! What passes with time: reminders, links that nobody followed, packs and shells whose term is over.

use kernel::{ContactId, EventId, RequestId, Timestamp};
use store::{Ctx, params};

use super::model::{Request, RequestState};
use super::{act, challenge, intake, own, pack, recipients, rows};
use crate::clocks::{self, Period};
use crate::{Result, requests::Settings};

/// Months for which the shell of a closed request stays.
const SHELL_MONTHS: u16 = 60;
/// The fewest seconds that five years have.
const FIVE_YEARS: i64 = 1825 * 86_400;
/// Seconds after which a request that nobody verified leaves no trace.
const UNVERIFIED: i64 = 30 * 86_400;
/// Seconds for which something that came in may wait for its job.
const INTAKE: i64 = 7 * 86_400;
const PAGE: u32 = 200;

store::sql! {
    UNSHREDDED = "SELECT id FROM data_request WHERE workspace = $1 AND closed_at IS NOT NULL AND shredded = $2
        ORDER BY id LIMIT 200";
    CLOSED_BEFORE = "SELECT id, closed_at FROM data_request WHERE workspace = $1 AND closed_at < $2 ORDER BY id LIMIT 500";
    EXPIRED_BEFORE = "SELECT id, closed_at FROM data_request
        WHERE workspace = $1 AND state = $3 AND closed_at < $2 ORDER BY id LIMIT 500";
    DROP = "DELETE FROM data_request WHERE workspace = $1 AND id = $2";
    DROP_EVENTS = "DELETE FROM data_request_event WHERE workspace = $1 AND request = $2";
    DROP_CHALLENGES = "DELETE FROM data_request_challenge WHERE workspace = $1 AND request = $2";
}

/// The reminder that is due, in percent of the time between receipt and target.
fn percent(request: &Request, now: Timestamp) -> Option<i64> {
    let whole = i128::from(request.target_at.0) - i128::from(request.received_at.0);
    let passed = i128::from(now.0) - i128::from(request.received_at.0);
    let reached = [100i64, 80, 50].into_iter().find(|percent| passed * 100 >= whole * i128::from(*percent));
    reached.filter(|reached| *reached > request.reminded)
}

/// Does for one workspace what is due; to be called every hour.
///
/// # Errors
/// When the store fails; what was not done is done the next time.
pub async fn tick(ctx: &Ctx) -> Result<()> {
    for state in [RequestState::Received, RequestState::Verified, RequestState::InProgress] {
        for request in all(ctx, state).await? {
            if let Some(percent) = percent(&request, ctx.now()) {
                act::remind(ctx, request.id, percent).await?;
            }
        }
    }
    for request in all(ctx, RequestState::Challenged).await? {
        if challenge::last_expiry(ctx, request.id).await?.is_none_or(|last| ctx.now() >= last) {
            act::expire(ctx, request.id).await?;
        }
    }
    let left: Vec<(RequestId,)> = ctx.db.all(UNSHREDDED, params![ctx.workspace, false]).await?;
    for (id,) in left {
        act::shred(ctx, id).await?;
    }
    packs(ctx).await?;
    shells(ctx).await?;
    recipients::sweep(ctx).await?;
    let mut batch = ctx.batch();
    batch.push(intake::DELETE_OLD, params![ctx.workspace, ctx.now().plus_seconds(-INTAKE)]);
    ctx.db.apply(batch).await?;
    Ok(())
}

async fn all(ctx: &Ctx, state: RequestState) -> Result<Vec<Request>> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = rows::list(ctx, Some(state), before, PAGE).await?;
        let whole = page.len() == PAGE as usize;
        before = page.last().map(|request| request.id);
        found.extend(page);
        if !whole {
            return Ok(found);
        }
    }
}

async fn packs(ctx: &Ctx) -> Result<()> {
    let over: Vec<(EventId, RequestId)> = ctx.db.all(pack::OVER, params![ctx.workspace, ctx.now()]).await?;
    if over.is_empty() {
        return Ok(());
    }
    let keys: Vec<ContactId> = over.iter().map(|row| ContactId(row.0.0)).collect();
    ctx.vault.destroy_data_keys(ctx.workspace, &keys).await?;
    let mut batch = ctx.batch();
    for (_, request) in over {
        batch.push(pack::DELETE, params![ctx.workspace, request]);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Shells go five years after closing; what nobody verified leaves no trace after a month.
async fn shells(ctx: &Ctx) -> Result<()> {
    let now = ctx.now();
    let zone = Settings::of(ctx).await?.zone();
    // No five years have fewer days; what is younger by the calendar is left for a later hour.
    let before = now.plus_seconds(-FIVE_YEARS);
    let old: Vec<(RequestId, Timestamp)> = ctx.db.all(CLOSED_BEFORE, params![ctx.workspace, before]).await?;
    let five = |closed: Timestamp| clocks::after(closed, &zone, Period::months(SHELL_MONTHS));
    let mut over: Vec<RequestId> = old.into_iter().filter(|row| five(row.1) <= now).map(|row| row.0).collect();
    let values = params![ctx.workspace, now.plus_seconds(-UNVERIFIED), RequestState::Expired.as_str()];
    let unverified: Vec<(RequestId, Timestamp)> = ctx.db.all(EXPIRED_BEFORE, values).await?;
    over.extend(unverified.into_iter().map(|row| row.0));
    if over.is_empty() {
        return Ok(());
    }
    let mut batch = ctx.batch();
    for id in &over {
        for sql in [DROP_EVENTS, DROP_CHALLENGES, DROP] {
            batch.push(sql, params![ctx.workspace, *id]);
        }
    }
    ctx.db.apply(batch).await?;
    let keys: Vec<ContactId> = over.into_iter().map(own).collect();
    ctx.vault.destroy_data_keys(ctx.workspace, &keys).await?;
    Ok(ctx.vault.destroy_evidence_keys(ctx.workspace, &keys).await?)
}
