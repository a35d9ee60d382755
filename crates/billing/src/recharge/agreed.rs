//! Whether a member's agreement covers what is about to happen: the ledger says so, or it does not happen.

use kernel::{ContactId, EventId, PaymentMethodId, Timestamp, UserId};
use privacy::agreements;
use privacy::vocabulary::{ConsentState, Purpose};
use serde_json::{Value as Json, json};
use store::{Actor, Batch, Ctx};

use super::words::Agreeing;
use crate::{Error, Result};

/// That the provider keeps a payment method.
pub const SAVED_METHOD: &str = "payment.saved_method";
/// That money is taken from it when the balance falls.
pub const AUTO_RECHARGE: &str = "payment.auto_recharge";

/// An agreement as rows and answers point at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// The event in the ledger.
    pub event: EventId,
    /// Since when.
    pub at: Timestamp,
    /// The member.
    pub by: UserId,
}

pub(crate) fn purpose(code: &str) -> Result<Purpose> {
    Purpose::new(code).map_err(|_| Error::State("not a purpose"))
}

fn told(error: privacy::Error) -> Error {
    Error::Store(match error {
        privacy::Error::Store(error) => error,
        other => store::Error::Refused(other.problem()),
    })
}

/// The member who acts. An agreement is a person's own.
///
/// # Errors
/// [`Error::Person`] for keys and for the system.
pub(crate) fn member(ctx: &Ctx) -> Result<ContactId> {
    match ctx.actor {
        Actor::User(user) => Ok(ContactId(user.0)),
        _ => Err(Error::Person),
    }
}

/// States in the batch that the member who acts agrees.
pub(crate) async fn give(
    batch: &mut Batch,
    ctx: &Ctx,
    code: &'static str,
    (agreeing, key): (&Agreeing, &str),
    mut detail: Json,
) -> Result<(ContactId, EventId)> {
    let member = member(ctx)?;
    detail["wording"] = json!(agreeing.shown(key)?);
    detail["version"] = json!(agreeing.version);
    detail["language"] = json!(agreeing.language);
    detail["ip"] = json!(agreeing.ip);
    detail["user_agent"] = json!(agreeing.user_agent);
    detail["source"] = json!("settings");
    let event = agreements::state(batch, ctx, (member, &purpose(code)?), ConsentState::Given, &detail).await;
    Ok((member, event.map_err(told)?))
}

/// States in the batch that an agreement has ended otherwise than by its member; the one about a method, or every one. Of a member who was erased nothing more is written down: the erasure
/// itself ended it.
pub(crate) async fn end(
    batch: &mut Batch,
    ctx: &Ctx,
    (member, code, of): (ContactId, &'static str, Option<PaymentMethodId>),
    (state, why): (ConsentState, &str),
) -> Result<()> {
    let detail = json!({ "why": why, agreements::OF: of });
    match agreements::state(batch, ctx, (member, &purpose(code)?), state, &detail).await {
        Ok(_) | Err(privacy::Error::Store(store::Error::KeyDestroyed)) => Ok(()),
        Err(error) => Err(told(error)),
    }
}

/// Takes agreements back, in one commit with the batch: no backup from before brings them back.
pub(crate) async fn withdraw(ctx: &Ctx, batch: Batch, ended: &[(ContactId, &'static str)], why: &str) -> Result<()> {
    let ended: Vec<_> = ended.iter().map(|(member, code)| Ok((*member, purpose(code)?))).collect::<Result<_>>()?;
    agreements::withdraw(ctx, batch, &ended, &json!({ "why": why })).await.map_err(told)
}

/// The agreement's detail when the ledger says that it stands.
///
/// # Errors
/// When the store fails, or the ledger does not verify.
pub async fn check(ctx: &Ctx, member: ContactId, code: &'static str, event: EventId) -> Result<Option<Json>> {
    let found = agreements::standing(ctx, (member, &purpose(code)?), event).await.map_err(told)?;
    Ok(found.map(|agreement| agreement.detail))
}
