//! Approvals of sending that some countries ask for beforehand (the rule pack names them): the goal
//! and sample messages are filed with an authority or a carrier, which answers.
//!
//! draft → submitted → approved or rejected; an approval can be taken back (rejected) and ends at its
//! time (expired). The gate reads the granted ones: without one for exactly this country and channel
//! it denies with `country_approval_missing`.

mod model;
mod queries;

use accounts::audit;
use kernel::{ApprovalId, Timestamp, WorkspaceId};
use store::{Batch, Ctx, Tx, params};

pub use model::{Answer, Draft, Filing, SendingApproval, State};

use crate::rules::{self, ApprovalCountry, ApprovalState, Country};
use crate::{Error, Result};
use model::ApprovalRow;

/// The most approvals of one workspace.
const MOST: i64 = 1000;

/// Prepares an approval.
///
/// # Errors
/// [`Error::Invalid`] when a text is missing or too long, or the workspace has a thousand already.
pub async fn create(ctx: &Ctx, draft: &Draft) -> Result<SendingApproval> {
    draft.filing.check()?;
    if ctx.db.one::<(i64,)>(queries::COUNT, params![ctx.workspace]).await?.0 >= MOST {
        return Err(Error::Invalid { field: "country", detail: "a workspace has at most 1000 approvals" });
    }
    let id: ApprovalId = ctx.id();
    let (country, channel) = (draft.country.as_str(), draft.channel.as_str());
    let (body, actor) = (written(&draft.filing)?, ctx.actor.to_string());
    let mut batch = ctx.batch();
    batch.push(queries::INSERT_APPROVAL, params![ctx.workspace, id, country, channel, body, actor, ctx.now()]);
    finish(ctx, batch, ("approval.created", id)).await
}

/// Rewrites a draft. `version` is the one that was read.
///
/// # Errors
/// A conflict when it is no draft any more, or was changed meanwhile.
pub async fn update(ctx: &Ctx, id: ApprovalId, version: i64, draft: &Draft) -> Result<SendingApproval> {
    draft.filing.check()?;
    expect(ctx, id, &[State::Draft], "only a draft can be rewritten").await?;
    let (country, channel) = (draft.country.as_str(), draft.channel.as_str());
    let mut batch = ctx.batch();
    let values = params![ctx.workspace, id, version, country, channel, written(&draft.filing)?, ctx.now()];
    batch.guard(queries::REWRITE, values);
    finish(ctx, batch, ("approval.updated", id)).await
}

/// Records that a draft was filed.
///
/// # Errors
/// A conflict when it is no draft, or was changed meanwhile.
pub async fn submit(ctx: &Ctx, id: ApprovalId, version: i64, filed: &Answer) -> Result<SendingApproval> {
    let at = filed.at(ctx.now())?;
    expect(ctx, id, &[State::Draft], "only a draft can be submitted").await?;
    let mut batch = ctx.batch();
    let reference = filed.reference.clone();
    batch.guard(queries::SUBMIT, params![ctx.workspace, id, version, reference, at, ctx.now()]);
    finish(ctx, batch, ("approval.submitted", id)).await
}

/// Records that it was granted: from now on the gate lets messages rest on it.
///
/// # Errors
/// [`Error::Invalid`] when it has ended already; a conflict when it was not submitted, or was changed
/// meanwhile.
pub async fn approve(ctx: &Ctx, id: ApprovalId, version: i64, answer: &Answer) -> Result<SendingApproval> {
    let at = answer.at(ctx.now())?;
    if answer.expires_at.is_some_and(|end| end <= ctx.now()) {
        return Err(Error::Invalid { field: "expires_at", detail: "lies in the past" });
    }
    let before = expect(ctx, id, &[State::Submitted], "only what was submitted can be approved").await?;
    let reference = answer.reference.clone().or(before.reference);
    let mut batch = ctx.batch();
    let values = params![ctx.workspace, id, version, reference, at, answer.expires_at, ctx.now()];
    batch.guard(queries::APPROVE, values);
    finish(ctx, batch, ("approval.approved", id)).await
}

/// Records that it was refused, or taken back after it had been granted.
///
/// # Errors
/// A conflict when it was neither submitted nor approved, or was changed meanwhile.
pub async fn reject(ctx: &Ctx, id: ApprovalId, version: i64, answer: &Answer) -> Result<SendingApproval> {
    let at = answer.at(ctx.now())?;
    let open = [State::Submitted, State::Approved];
    let before = expect(ctx, id, &open, "only what was submitted or approved can be rejected").await?;
    let reference = answer.reference.clone().or(before.reference);
    let mut batch = ctx.batch();
    batch.guard(queries::REJECT, params![ctx.workspace, id, version, reference, at, ctx.now()]);
    finish(ctx, batch, ("approval.rejected", id)).await
}

/// Writes down which approvals have expired; answers how many. The gate does not wait for this.
///
/// # Errors
/// When the store fails.
pub async fn expire_due(ctx: &Ctx, now: Timestamp) -> Result<usize> {
    let due: Vec<(ApprovalId,)> = ctx.db.all(queries::EXPIRED, params![ctx.workspace, now]).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let mut batch = ctx.batch();
    for (id,) in &due {
        batch.push(queries::EXPIRE, params![ctx.workspace, *id, now]);
        audit::record(&mut batch, ctx, "approval.expired", &[id]);
    }
    ctx.db.apply(batch).await?;
    Ok(due.len())
}

/// An approval, whatever its state.
///
/// # Errors
/// [`Error::NotFound`]; when the store fails.
pub async fn get(ctx: &Ctx, id: ApprovalId) -> Result<SendingApproval> {
    let row: Option<ApprovalRow> = ctx.db.opt(queries::APPROVAL, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("approval"))?.read()
}

/// Every approval, newest first.
///
/// # Errors
/// When the store fails or a row is damaged.
pub async fn list(ctx: &Ctx) -> Result<Vec<SendingApproval>> {
    let rows: Vec<ApprovalRow> = ctx.db.all(queries::APPROVALS, params![ctx.workspace]).await?;
    rows.into_iter().map(ApprovalRow::read).collect()
}

async fn expect(ctx: &Ctx, id: ApprovalId, states: &[State], else_: &'static str) -> Result<SendingApproval> {
    let found = get(ctx, id).await?;
    if states.contains(&found.state) { Ok(found) } else { Err(Error::conflict(else_)) }
}

async fn finish(ctx: &Ctx, mut batch: Batch, (action, id): (&'static str, ApprovalId)) -> Result<SendingApproval> {
    audit::record(&mut batch, ctx, action, &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

fn written(filing: &Filing) -> Result<String> {
    serde_json::to_string(filing).map_err(|_| Error::Corrupt("approval"))
}

type GrantedRow = (String, String, Option<Timestamp>);

/// The granted approvals of a workspace as the gate compares them.
pub(crate) async fn granted(ctx: &Ctx) -> Result<Vec<rules::Approval>> {
    opened(ctx.db.all(queries::GRANTED, params![ctx.workspace]).await?)
}

/// [`granted`] as the transaction sees them.
pub(crate) fn granted_inside(tx: &mut Tx<'_>, workspace: WorkspaceId) -> Result<Vec<rules::Approval>> {
    opened(tx.all(queries::GRANTED, params![workspace])?)
}

fn opened(rows: Vec<GrantedRow>) -> Result<Vec<rules::Approval>> {
    let corrupt = || Error::Corrupt("approval");
    rows.into_iter()
        .map(|(country, channel, expires_at)| {
            Ok(rules::Approval {
                country: ApprovalCountry(Country::read(&country).ok_or_else(corrupt)?),
                channel: Some(channel.parse().map_err(|_| corrupt())?),
                state: Some(ApprovalState::Approved),
                expires_at,
            })
        })
        .collect()
}
