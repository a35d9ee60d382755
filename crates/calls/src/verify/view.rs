//! Verifications as members see them.

use kernel::{Timestamp, VerificationId};
use store::{Ctx, params};

use super::begin::SEALED;
use super::model::{Kept, Verification, VerificationState, Whom};
use super::queries as sql;
use super::{Error, Result};

pub(super) async fn kept(ctx: &Ctx, id: VerificationId) -> Result<Kept> {
    ctx.db.get(sql::GET, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("verification"))
}

/// The verification, for a caller of its kind: a trial is nothing to a live key, and the other way round. Who could
/// make a test key's code count for a live application would get in everywhere.
pub(super) async fn of_kind(ctx: &Ctx, id: VerificationId, trial: bool) -> Result<Kept> {
    let kept = kept(ctx, id).await?;
    if kept.view.trial == trial { Ok(kept) } else { Err(Error::NotFound("verification")) }
}

/// Whether it can still go on.
///
/// # Errors
/// [`Error::Conflict`] or [`Error::Over`] with what ended it.
pub(super) fn open(view: &Verification, now: Timestamp) -> Result<()> {
    match view.state {
        VerificationState::Pending if view.expires_at > now => Ok(()),
        VerificationState::Pending | VerificationState::Expired => Err(Error::Over("the code has expired")),
        VerificationState::Verified => Err(Error::Conflict("the code was used")),
        VerificationState::Failed => Err(Error::Conflict("too many wrong codes came; begin anew")),
        VerificationState::Cancelled => Err(Error::Conflict("this verification was taken back")),
    }
}

pub(super) async fn whom(ctx: &Ctx, kept: &Kept) -> Result<Option<Whom>> {
    let (Some(contact), Some(sealed)) = (kept.view.contact, &kept.sealed) else { return Ok(None) };
    let subject = ctx.vault.subject(ctx.workspace, contact).await?;
    let Ok(key) = subject.data() else { return Ok(None) };
    let plain = key.open(&ctx.aad(contact, SEALED), sealed)?;
    Ok(Some(serde_json::from_slice(&plain).map_err(|_| store::Error::Seal(SEALED))?))
}

/// A pending verification whose time is over shows as expired, whether or not that was written down yet.
fn shown(mut view: Verification, now: Timestamp) -> Verification {
    if view.state == VerificationState::Pending && view.expires_at <= now {
        view.state = VerificationState::Expired;
    }
    view
}

/// One verification, with its address and what the application calls it; `None` when they are no longer kept.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn find(ctx: &Ctx, id: VerificationId) -> Result<(Verification, Option<(String, Option<String>)>)> {
    let kept = kept(ctx, id).await?;
    let words = whom(ctx, &kept).await?.map(|whom| (whom.to, whom.reference));
    Ok((shown(kept.view, ctx.now()), words))
}

/// A page of verifications, the latest first, before `before`.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx, before: Option<VerificationId>, limit: u32) -> Result<Vec<Verification>> {
    let before = before.unwrap_or(VerificationId([0xff; 16]));
    let rows: Vec<Kept> = ctx.db.all(sql::LIST, params![ctx.workspace, before, limit]).await?;
    Ok(rows.into_iter().map(|kept| shown(kept.view, ctx.now())).collect())
}
