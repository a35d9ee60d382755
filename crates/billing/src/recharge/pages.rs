//! Paying for the balance on the provider's page.

use kernel::{PaymentId, Timestamp};
use store::Ctx;

use super::book::{New, To, name_session, set_page, step};
use super::{Kind, Recharge, State, Tills, amount_of, book, drive, job};
use crate::payment::Order;
use crate::{Error, Micros, Result, balance};

/// Seconds for which a page takes money.
const OPEN: i64 = 23 * 3600;

/// Opens a page on which somebody pays for the balance.
///
/// # Errors
/// [`Error::Field`] for an amount that cannot be paid, [`Error::State`] without a provider; whatever the provider says.
pub async fn open(ctx: &Ctx, tills: &dyn Tills, amount: Micros) -> Result<Recharge> {
    let currency = balance::get(ctx).await?.currency;
    let due = amount_of("amount_micros", amount, &currency)?;
    let till = tills.till(ctx.workspace)?;
    let (id, now): (PaymentId, Timestamp) = (ctx.id(), ctx.now());
    let act_by = now.plus_seconds(OPEN);
    let mut batch = ctx.batch();
    let new = New {
        kind: Kind::Page,
        state: State::Waiting,
        amount,
        currency: &currency,
        consent: None,
        reason: None,
        act_by: Some(act_by),
    };
    book::insert(&mut batch, ctx, id, &new);
    batch.job(job::drive(id).at(now.plus_seconds(600)));
    accounts::audit::record(&mut batch, ctx, "balance.payment_begun", &[&id]);
    ctx.db.apply(batch).await?;
    let page = format!("{}/app/messaging/balance", tills.public_url());
    let order = Order {
        reference: id.into(),
        amount: due,
        description: drive::description(ctx, "page.description").await?,
        email: None,
        success_url: format!("{page}?paid={id}"),
        cancel_url: format!("{page}?turned_back={id}"),
        expires_at: act_by,
    };
    match till.checkout(id, &order, now).await {
        Ok(checkout) => {
            name_session(ctx, id, &checkout.session).await?;
            set_page(ctx, id, &checkout.url).await?;
            book::get(ctx, id).await
        }
        Err(refusal) => {
            step(ctx, id, State::Failed, &To::because("provider_refused")).await?;
            Err(Error::Provider(refusal))
        }
    }
}
