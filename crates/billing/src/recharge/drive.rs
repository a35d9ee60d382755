//! Brings a recharge to where it stands at the provider. Every function reads what stands and may run twice, at the same
//! time too.

use kernel::{PaymentId, Timestamp};
use store::Ctx;

use super::agreed::{self, AUTO_RECHARGE, SAVED_METHOD};
use super::book::{To, get, name_session, set_page, step};
use super::{Kind, Recharge, State, Tills, amount_of, method, tills::Till, words};
use crate::payment::saved::{Charged, OffSession};
use crate::payment::{Amount, PaymentState, Refusal};
use crate::{Error, Result};

/// Seconds within which a person confirms a charge.
const CONFIRM: i64 = 24 * 3600;
/// Seconds for which a page is looked at after it should have closed.
const GRACE: i64 = 3600;
/// The longest description, in characters.
const LONGEST: usize = 200;

/// What stands on the provider's page and the bank's statement.
pub(crate) async fn description(ctx: &Ctx, key: &str) -> Result<String> {
    let workspace = accounts::workspaces::get(ctx).await;
    let workspace = workspace.map_err(|error| Error::Store(store::Error::Refused(error.problem())))?;
    let text = words(workspace.language.as_str(), key).replace("{organisation}", &workspace.name);
    Ok(text.chars().take(LONGEST).collect())
}

/// Asks the provider what became of a recharge, and does what is due. Answers it as it stands then.
///
/// # Errors
/// [`Error::NotFound`]; whatever the provider says.
pub async fn look(ctx: &Ctx, tills: &dyn Tills, id: PaymentId) -> Result<Recharge> {
    let recharge = get(ctx, id).await?;
    match (recharge.kind, recharge.state) {
        (_, State::Paid | State::Refunded | State::Mismatched | State::Refused) => {}
        (Kind::Page, _) => page(ctx, tills, &recharge).await?,
        (Kind::Auto, State::Charging | State::NeedsAction) => charge(ctx, tills, &recharge).await?,
        (Kind::Auto, _) => {
            if let Some(session) = &recharge.session {
                let stands = tills.till(ctx.workspace)?.look_at_charge(session).await?;
                // Only money that came late is news.
                if let Charged::Paid { amount } = stands {
                    paid(ctx, &recharge, amount.as_ref()).await?;
                }
            }
        }
    }
    get(ctx, id).await
}

async fn page(ctx: &Ctx, tills: &dyn Tills, recharge: &Recharge) -> Result<()> {
    let over = |seconds: i64| recharge.act_by.is_some_and(|by| ctx.now() >= by.plus_seconds(seconds));
    let Some(session) = &recharge.session else {
        // The process ended before the page was there, so nobody has seen it.
        if ctx.now() >= recharge.created_at.plus_seconds(GRACE) {
            step(ctx, recharge.id, State::Expired, &To::default()).await?;
        }
        return Ok(());
    };
    let till = tills.till(ctx.workspace)?;
    let notice = till.look(session).await?.filter(|notice| notice.payment == recharge.id);
    match notice.as_ref().map(|notice| notice.state) {
        Some(PaymentState::Paid) => paid(ctx, recharge, notice.and_then(|notice| notice.amount).as_ref()).await,
        Some(PaymentState::Expired) => step(ctx, recharge.id, State::Expired, &To::default()).await.map(|_| ()),
        Some(PaymentState::Failed) => {
            step(ctx, recharge.id, State::Failed, &To::because("card_declined")).await.map(|_| ())
        }
        _ if over(GRACE) && recharge.state == State::Waiting => {
            till.close(session).await?;
            step(ctx, recharge.id, State::Expired, &To::default()).await.map(|_| ())
        }
        _ => Ok(()),
    }
}

/// The money is there. Another amount than ordered waits for a person.
async fn paid(ctx: &Ctx, recharge: &Recharge, amount: Option<&Amount>) -> Result<()> {
    let due = amount_of("amount_micros", recharge.amount, &recharge.currency)?;
    let next = if amount == Some(&due) { State::Paid } else { State::Mismatched };
    let to = if next == State::Paid { To::default() } else { To::because("mismatched") };
    step(ctx, recharge.id, next, &to).await.map(|_| ())
}

async fn charge(ctx: &Ctx, tills: &dyn Tills, recharge: &Recharge) -> Result<()> {
    let till = tills.till(ctx.workspace)?;
    let Some(order) = covered(ctx, tills, recharge).await? else {
        return call_off(ctx, &till, recharge, "turned_off").await;
    };
    if recharge.act_by.is_some_and(|by| ctx.now() >= by) {
        return call_off(ctx, &till, recharge, "not_confirmed").await;
    }
    let session = match &recharge.session {
        Some(session) => session.clone(),
        None => match till.prepare(recharge.id, &order).await {
            Ok(session) => {
                // Only the charge that is written down is ever confirmed, whoever was quicker.
                if name_session(ctx, recharge.id, &session).await? {
                    session
                } else {
                    get(ctx, recharge.id).await?.session.ok_or(Error::State("this payment is changing; try again"))?
                }
            }
            Err(Refusal::Gone) => return failed(ctx, recharge, "no_method").await,
            Err(Refusal::Refused(_) | Refusal::Key) => return failed(ctx, recharge, "provider_refused").await,
            Err(refusal) => return Err(refusal.into()),
        },
    };
    let stands = till.advance(&session, &order).await?;
    follow(ctx, &till, (recharge, &session), stands).await
}

/// The order, when the ledger says that both agreements stand, and the recharge is what was agreed to.
async fn covered(ctx: &Ctx, tills: &dyn Tills, recharge: &Recharge) -> Result<Option<OffSession>> {
    let (Some(subject), Some(event)) = (recharge.subject, recharge.event) else { return Ok(None) };
    let Some(agreed) = agreed::check(ctx, subject, AUTO_RECHARGE, event).await? else { return Ok(None) };
    if agreed.get("amount_micros") != Some(&serde_json::json!(recharge.amount))
        || agreed.get("currency") != Some(&serde_json::json!(recharge.currency))
    {
        return Ok(None);
    }
    let Some(method) = method::active(ctx).await? else { return Ok(None) };
    if agreed::check(ctx, method.subject, SAVED_METHOD, method.event).await?.is_none() {
        return Ok(None);
    }
    Ok(Some(OffSession {
        amount: amount_of("amount_micros", recharge.amount, &recharge.currency)?,
        description: description(ctx, "charge.description").await?,
        token: method.token,
        return_url: format!("{}/app/messaging/balance?confirmed={}", tills.public_url(), recharge.id),
    }))
}

async fn follow(ctx: &Ctx, till: &Till, (recharge, session): (&Recharge, &str), stands: Charged) -> Result<()> {
    match stands {
        Charged::UnderWay => Ok(()),
        Charged::Paid { amount } => paid(ctx, recharge, amount.as_ref()).await,
        Charged::NeedsAction { url } if recharge.state == State::NeedsAction => match url {
            Some(url) if recharge.page.as_ref() != Some(&url) => set_page(ctx, recharge.id, &url).await,
            _ => Ok(()),
        },
        Charged::NeedsAction { url } => {
            let act_by: Timestamp = ctx.now().plus_seconds(CONFIRM);
            let to = To { reason: Some("authentication_required".to_owned()), page: url, act_by: Some(act_by) };
            step(ctx, recharge.id, State::NeedsAction, &to).await.map(|_| ())
        }
        Charged::Declined { reason } => {
            // So that nobody can pay it later; the bank's no stands either way.
            match till.call_off(session).await {
                Ok(Charged::Paid { amount }) => return paid(ctx, recharge, amount.as_ref()).await,
                Ok(_) | Err(Refusal::Gone) => {}
                Err(error) => tracing::warn!(payment = %recharge.id, %error, "a declined charge is not called off"),
            }
            failed(ctx, recharge, &reason).await
        }
        Charged::Cancelled => {
            step(ctx, recharge.id, State::Cancelled, &To::because("provider_refused")).await.map(|_| ())
        }
    }
}

async fn failed(ctx: &Ctx, recharge: &Recharge, reason: &str) -> Result<()> {
    step(ctx, recharge.id, State::Failed, &To::because(reason)).await.map(|_| ())
}

/// Calls a charge off; what was paid meanwhile is paid.
async fn call_off(ctx: &Ctx, till: &Till, recharge: &Recharge, why: &str) -> Result<()> {
    if let Some(session) = &recharge.session {
        match till.call_off(session).await {
            Ok(Charged::Paid { amount }) => return paid(ctx, recharge, amount.as_ref()).await,
            Ok(Charged::UnderWay) => return Ok(()),
            Ok(_) | Err(Refusal::Gone) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    step(ctx, recharge.id, State::Cancelled, &To::because(why)).await.map(|_| ())
}

/// Calls off what is still open, because a member says so.
///
/// # Errors
/// [`Error::State`] when nothing is open; whatever the provider says.
pub async fn cancel(ctx: &Ctx, tills: &dyn Tills, id: PaymentId) -> Result<Recharge> {
    let recharge = get(ctx, id).await?;
    if !recharge.state.is_open() {
        return Err(Error::State("this payment is not open any more"));
    }
    let till = tills.till(ctx.workspace)?;
    match recharge.kind {
        Kind::Auto => call_off(ctx, &till, &recharge, "by_member").await?,
        Kind::Page => {
            if let Some(session) = &recharge.session {
                till.close(session).await?;
                let notice = till.look(session).await?.filter(|notice| notice.state == PaymentState::Paid);
                if let Some(notice) = notice {
                    paid(ctx, &recharge, notice.amount.as_ref()).await?;
                    return get(ctx, id).await;
                }
            }
            step(ctx, id, State::Cancelled, &To::because("by_member")).await?;
        }
    }
    let mut batch = ctx.batch();
    accounts::audit::record(&mut batch, ctx, "balance.payment_cancelled", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// The provider says that the money went back whole.
pub(crate) async fn returned(ctx: &Ctx, id: PaymentId) -> Result<()> {
    step(ctx, id, State::Refunded, &To::default()).await.map(|_| ())
}
