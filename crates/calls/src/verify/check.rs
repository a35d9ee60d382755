//! Whether a code that came back is the right one.

use accounts::secret;
use kernel::{ContactId, VerificationId};
use serde_json::json;
use store::{Blind, Ctx, params};

use super::begin::{event, told};
use super::model::{Verification, VerificationState};
use super::queries as sql;
use super::{Error, Result, rules, view};

/// What one attempt came to.
enum Outcome {
    Right,
    Wrong {
        left: u32,
    },
    /// There was no attempt to be had.
    None,
}

/// Checks a code. Each call counts, before anything is compared; the last wrong one ends the verification. A code
/// is good once.
///
/// # Errors
/// [`Error::Wrong`]; [`Error::Field`] without a code; [`Error::Over`] and [`Error::Conflict`] when it is over.
pub async fn check(ctx: &Ctx, id: VerificationId, code: &str, trial: bool) -> Result<Verification> {
    let code = rules::typed(code).ok_or_else(|| Error::field("code", "the code that was received"))?;
    view::of_kind(ctx, id, trial).await?;
    let given = rules::sealed_code(ctx.keys().await?.as_ref(), id, &code);
    let call = ctx.clone();
    let outcome = ctx.db.tx(move |tx| attempt(tx, &call, id, (given, trial))).await?;
    let view = view::kept(ctx, id).await?.view;
    match outcome {
        Outcome::Right => Ok(view),
        Outcome::Wrong { left } => Err(Error::Wrong { left }),
        Outcome::None => {
            view::open(&view, ctx.now())?;
            Err(Error::Conflict("too many wrong codes came; begin anew"))
        }
    }
}

fn attempt(
    tx: &mut store::Tx<'_>,
    ctx: &Ctx,
    id: VerificationId,
    (given, trial): (Blind, bool),
) -> store::Result<Outcome> {
    type Row = (Vec<u8>, u32, u32, Option<ContactId>);
    let about = params![ctx.workspace, id, trial, VerificationState::Pending, ctx.now()];
    let Some((code, attempts, most, contact)) = tx.opt::<Row>(sql::ATTEMPT, about)? else { return Ok(Outcome::None) };
    let left = most.saturating_sub(attempts);
    let (state, reason) = if secret::equal(&code, &given) {
        (VerificationState::Verified, None)
    } else if left == 0 {
        (VerificationState::Failed, Some("too_many_attempts"))
    } else {
        return Ok(Outcome::Wrong { left });
    };
    let mut batch = ctx.batch();
    let about = params![ctx.workspace, id, state, reason, ctx.now(), VerificationState::Pending];
    batch.guard(sql::END, about);
    told(&mut batch, id, (event(state), json!({ "contact": contact, "reason": reason, "test": trial })));
    tx.apply(batch)?;
    Ok(if state == VerificationState::Verified { Outcome::Right } else { Outcome::Wrong { left } })
}
