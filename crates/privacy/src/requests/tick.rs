//! What passes with time: reminders, links that nobody followed, requests that nobody verified.

use kernel::{ContactId, RequestId, Timestamp};
use store::{Ctx, params};

use super::model::{Request, RequestState};
use super::{act, challenge, own, recipients, rows};
use crate::Result;

/// Seconds after which a request that nobody verified leaves no trace.
const UNVERIFIED: i64 = 30 * 86_400;
const PAGE: u32 = 200;

store::sql! {
    UNSHREDDED = "SELECT id FROM data_request WHERE workspace = $1 AND closed_at IS NOT NULL AND shredded = $2
        ORDER BY id LIMIT 200";
    EXPIRED_BEFORE = "SELECT id FROM data_request
        WHERE workspace = $1 AND state = $3 AND closed_at < $2 ORDER BY id LIMIT 500";
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
    unverified(ctx).await?;
    recipients::sweep(ctx).await
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

/// What nobody verified leaves no trace after a month; other shells end by their retention class.
async fn unverified(ctx: &Ctx) -> Result<()> {
    let values = params![ctx.workspace, ctx.now().plus_seconds(-UNVERIFIED), RequestState::Expired.as_str()];
    let over: Vec<(RequestId,)> = ctx.db.all(EXPIRED_BEFORE, values).await?;
    if over.is_empty() {
        return Ok(());
    }
    let mut batch = ctx.batch();
    for (id,) in &over {
        for sql in [rows::DROP_EVENTS, rows::DROP_CHALLENGES, rows::DROP] {
            batch.push(sql, params![ctx.workspace, *id]);
        }
    }
    ctx.db.apply(batch).await?;
    let keys: Vec<ContactId> = over.into_iter().map(|row| own(row.0)).collect();
    ctx.vault.destroy_data_keys(ctx.workspace, &keys).await?;
    Ok(ctx.vault.destroy_evidence_keys(ctx.workspace, &keys).await?)
}
