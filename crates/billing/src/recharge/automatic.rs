//! The look at a balance that fell: whether it is recharged, and the one recharge that then begins.

use kernel::{PaymentId, Timestamp, UserId};
use privacy::vocabulary::ConsentState;
use serde_json::json;
use store::{Ctx, Feed, params};

use super::agreed::{self, SAVED_METHOD};
use super::book::{self, New, TAKEN};
use super::setting::{self, Row, TAKE, id_at, month, turn_off};
use super::{Consent, Kind, State, job, method};
use crate::{Micros, Result, balance};

/// What a look came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looked {
    /// There is nothing to do.
    Nothing,
    /// A recharge has begun.
    Begun(PaymentId),
    /// Not before then.
    Later(Timestamp),
}

/// Looks at the balance, and begins a recharge when it is below the floor, a member's agreement covers it, and the month's
/// cap allows it.
pub(crate) async fn look(ctx: &Ctx) -> Result<Looked> {
    let Some(row) = setting::row(ctx).await?.filter(|row| row.enabled && row.open.is_none()) else {
        return Ok(Looked::Nothing);
    };
    let now = balance::get(ctx).await?;
    if now.available >= row.floor {
        return Ok(Looked::Nothing);
    }
    if let Some(next_at) = row.next_at.filter(|at| *at > ctx.now()) {
        return Ok(Looked::Later(next_at));
    }
    if let Some(why) = against(ctx, &row, &now.currency).await? {
        refuse(ctx, &row, why).await?;
        return Ok(Looked::Nothing);
    }
    let (first, next) = month(ctx).await?;
    let (taken,): (Micros,) = ctx.db.one(TAKEN, params![ctx.workspace, id_at(first), first]).await?;
    if taken.0.saturating_add(row.amount.0) > row.cap.0 {
        capped(ctx, &row, (first, next)).await?;
        return Ok(Looked::Later(next));
    }
    Ok(match begin(ctx, row, first).await? {
        Some(id) => Looked::Begun(id),
        None => Looked::Nothing,
    })
}

/// What speaks against a recharge, whatever the table says.
async fn against(ctx: &Ctx, row: &Row, currency: &str) -> Result<Option<&'static str>> {
    if row.currency != currency {
        return Ok(Some("currency_changed"));
    }
    if let Err(why) = setting::covered(ctx, row).await? {
        return Ok(Some(why));
    }
    let Some(method) = method::active(ctx).await? else { return Ok(Some("no_method")) };
    if agreed::check(ctx, method.subject, SAVED_METHOD, method.event).await?.is_none() {
        return Ok(Some("no_consent"));
    }
    Ok(None)
}

/// The recharge that a member agreed to.
fn recharge_of<'a>(row: &'a Row, state: State, reason: Option<&'a str>) -> New<'a> {
    let consent = Consent { event: row.consent, at: row.consented_at, by: UserId(row.subject.0) };
    New {
        kind: Kind::Auto,
        state,
        amount: row.amount,
        currency: &row.currency,
        consent: Some(consent),
        reason,
        act_by: None,
    }
}

/// Nothing is asked of the provider; that, and why, is written down, said and mailed, and it is turned off.
async fn refuse(ctx: &Ctx, row: &Row, why: &'static str) -> Result<()> {
    let id: PaymentId = ctx.id();
    let mut batch = ctx.batch();
    book::insert(&mut batch, ctx, id, &recharge_of(row, State::Refused, Some(why)));
    let stopped = if why == "no_method" { "method_withdrawn" } else { why };
    turn_off(&mut batch, ctx, row, (ConsentState::Invalidated, stopped)).await?;
    accounts::audit::record(&mut batch, ctx, "auto_recharge.refused", &[&id]);
    let data = json!({
        "payment": id, "kind": Kind::Auto.as_str(), "state": State::Refused.as_str(), "reason": why, "amount_micros": row.amount,
        "consent": row.consent,
    });
    batch.feed(Feed { kind: "balance.recharge_failed", entity: ctx.workspace.into(), data });
    batch.job(job::notice("refused", id));
    ctx.db.apply(batch).await?;
    tracing::warn!(workspace = %ctx.workspace, why, "a recharge was refused");
    Ok(())
}

/// The month's cap is reached: said once in the month.
async fn capped(ctx: &Ctx, row: &Row, (first, next): (Timestamp, Timestamp)) -> Result<()> {
    if row.cap_told.is_some_and(|told| told >= first) {
        return Ok(());
    }
    let mut batch = ctx.batch();
    setting::tell_cap(&mut batch, ctx, first);
    let data = json!({ "reason": "cap_reached", "amount_micros": row.amount, "cap_micros": row.cap, "until": next, "consent": row.consent });
    batch.feed(Feed { kind: "balance.recharge_failed", entity: ctx.workspace.into(), data });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(()),
        other => Ok(other.map(|_| ())?),
    }
}

/// Writes the recharge down, with the job that charges: once, whoever looks at the same time, for it takes the one place
/// that the workspace has for a recharge under way.
async fn begin(ctx: &Ctx, row: Row, first: Timestamp) -> Result<Option<PaymentId>> {
    let id: PaymentId = ctx.id();
    let call = ctx.clone();
    let begun = ctx.db.tx(move |tx| {
        let (taken,): (Micros,) = tx.one(TAKEN, params![call.workspace, id_at(first), first])?;
        if taken.0.saturating_add(row.amount.0) > row.cap.0 || !balance::is_below(tx, &call, row.floor)? {
            return Ok(false);
        }
        if tx.exec(TAKE, params![call.workspace, id, true, row.consent])? != 1 {
            return Ok(false);
        }
        let mut batch = call.batch();
        book::insert(&mut batch, &call, id, &recharge_of(&row, State::Charging, None));
        batch.job(job::drive(id));
        tx.apply(batch)?;
        Ok(true)
    });
    Ok(begun.await?.then_some(id))
}
