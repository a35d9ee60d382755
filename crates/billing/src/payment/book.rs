//! The book of payments: every order with what became of it.

use kernel::{PaymentId, RawId, Timestamp};
use serde_json::json;
use store::{Ctx, Feed, WorkspaceKeys, params, sql};

use super::{Amount, Checkout, LONGEST, Notice, Order, PaymentProvider, PaymentState};
use crate::{Error, Result};

/// Columns as they are bound into seals.
const SESSION: &str = "payment.session";
const CHARGE: &str = "payment.charge";

sql! {
    INSERT = "INSERT INTO payment (workspace, id, provider, reference, amount, currency, state) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OPENED = "UPDATE payment SET session = $3 WHERE workspace = $1 AND id = $2";
    GET = "SELECT id, provider, reference, amount, currency, state, session, charge, settled_at FROM payment WHERE workspace = $1 AND id = $2";
    OF_REFERENCE = "SELECT id, provider, reference, amount, currency, state, session, charge, settled_at FROM payment
        WHERE workspace = $1 AND reference = $2 ORDER BY id DESC LIMIT 20";
    SETTLE = "UPDATE payment SET state = $4, charge = COALESCE($5, charge), settled_at = $6
        WHERE workspace = $1 AND id = $2 AND state = $3";
    DUE = "SELECT NULL, settled_at, id FROM payment WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    END = "DELETE FROM payment WHERE workspace = $1 AND id = $2";
}

store::personal!(store::PersonalTable {
    table: "payment",
    class: "tax",
    subject: "",
    columns: &["session", "charge"],
    erase: &[],
    kept: Some("tax law wants books kept; they name the provider's order and charge and nobody"),
    collect: None,
});

store::retention!(store::RetentionRule {
    table: "payment",
    class: "tax",
    covers: &[],
    event: "the order was made",
    due_by: store::DueBy::Id,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});

/// An order in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// At whom.
    pub provider: String,
    /// What it is for.
    pub reference: RawId,
    /// How much.
    pub amount: Amount,
    /// What became of it.
    pub state: PaymentState,
    /// When that was.
    pub settled_at: Option<Timestamp>,
    session: Option<String>,
    charge: Option<String>,
}

store::row! {
    struct Kept {
        id: PaymentId,
        provider: String,
        reference: RawId,
        amount: i64,
        currency: String,
        state: String,
        session: Option<Vec<u8>>,
        charge: Option<Vec<u8>>,
        settled_at: Option<Timestamp>,
    }
}

impl Kept {
    fn open(self, keys: &WorkspaceKeys) -> Result<Payment> {
        let text = |column, sealed: Option<Vec<u8>>| -> Result<Option<String>> {
            let Some(sealed) = sealed else { return Ok(None) };
            Ok(Some(String::from_utf8(keys.open(column, &sealed)?).map_err(|_| store::Error::Seal("payment"))?))
        };
        Ok(Payment {
            session: text(SESSION, self.session)?,
            charge: text(CHARGE, self.charge)?,
            id: self.id,
            provider: self.provider,
            reference: self.reference,
            amount: Amount { minor: self.amount, currency: self.currency },
            state: PaymentState::read(&self.state),
            settled_at: self.settled_at,
        })
    }
}

/// A payment.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: PaymentId) -> Result<Payment> {
    let row: Option<Kept> = ctx.db.opt(GET, params![ctx.workspace, id]).await?;
    row.ok_or(Error::NotFound("payment"))?.open(ctx.keys().await?.as_ref())
}

/// The payments for a thing, newest first.
///
/// # Errors
/// When the store fails.
pub async fn of_reference(ctx: &Ctx, reference: RawId) -> Result<Vec<Payment>> {
    let rows: Vec<Kept> = ctx.db.all(OF_REFERENCE, params![ctx.workspace, reference]).await?;
    let keys = ctx.keys().await?;
    rows.into_iter().map(|row| row.open(&keys)).collect()
}

/// Writes an order down, then opens its page. An order whose page could not be opened has failed.
///
/// # Errors
/// A description that is too long; whatever the provider says.
pub async fn begin(ctx: &Ctx, provider: &dyn PaymentProvider, order: &Order) -> Result<(PaymentId, Checkout)> {
    if order.description.chars().count() > LONGEST {
        return Err(Error::Field { field: "description", detail: "at most 200 characters" });
    }
    let id: PaymentId = ctx.id();
    let Amount { minor, currency } = &order.amount;
    let mut batch = ctx.batch();
    let row = params![
        ctx.workspace,
        id,
        provider.code(),
        order.reference,
        *minor,
        currency.as_str(),
        PaymentState::Waiting.as_str()
    ];
    batch.push(INSERT, row);
    ctx.db.apply(batch).await?;
    let checkout = match provider.checkout(id, order, ctx.now()).await {
        Ok(checkout) => checkout,
        Err(refusal) => {
            let failed = Notice { payment: id, state: PaymentState::Failed, amount: None, charge: None };
            moved(ctx, &get(ctx, id).await?, &failed).await?;
            return Err(refusal.into());
        }
    };
    let mut batch = ctx.batch();
    let sealed = ctx.keys().await?.seal(SESSION, checkout.session.as_bytes());
    batch.guard(OPENED, params![ctx.workspace, id, sealed]);
    ctx.db.apply(batch).await?;
    Ok((id, checkout))
}

/// What a state may turn into. Money that came late counts; money that went back stays away.
fn follows(now: PaymentState, next: PaymentState) -> bool {
    use PaymentState::{Expired, Failed, Mismatched, Paid, Refunded, Waiting};
    match now {
        Waiting => next != Waiting,
        Failed | Expired => matches!(next, Paid | Mismatched),
        Paid | Mismatched => next == Refunded,
        Refunded => false,
    }
}

/// Moves an order on; false when it stands there or further already. Somebody else may be told of it at the same time,
/// and something else: then it is looked at again, so that no word is lost.
async fn moved(ctx: &Ctx, payment: &Payment, notice: &Notice) -> Result<bool> {
    if let Some(moved) = step(ctx, payment, notice).await? {
        return Ok(moved);
    }
    for _ in 0..10 {
        if let Some(moved) = step(ctx, &get(ctx, payment.id).await?, notice).await? {
            return Ok(moved);
        }
    }
    Err(Error::State("this payment is changing; try again"))
}

/// One attempt; `None` when the order moved meanwhile.
async fn step(ctx: &Ctx, payment: &Payment, notice: &Notice) -> Result<Option<bool>> {
    let odd = notice.state == PaymentState::Paid && notice.amount.as_ref().is_none_or(|paid| *paid != payment.amount);
    let next = if odd { PaymentState::Mismatched } else { notice.state };
    if !follows(payment.state, next) {
        return Ok(Some(false));
    }
    let charge = match &notice.charge {
        Some(charge) => Some(ctx.keys().await?.seal(CHARGE, charge.as_bytes())),
        None => None,
    };
    let mut batch = ctx.batch();
    let row = params![ctx.workspace, payment.id, payment.state.as_str(), next.as_str(), charge, ctx.now()];
    batch.guard(SETTLE, row);
    let kind = match next {
        PaymentState::Paid => "payment.paid",
        PaymentState::Failed => "payment.failed",
        PaymentState::Expired => "payment.expired",
        PaymentState::Refunded => "payment.refunded",
        PaymentState::Waiting | PaymentState::Mismatched => "payment.mismatched",
    };
    let data = json!({ "reference": data_encoding::HEXLOWER.encode(&payment.reference) });
    batch.feed(Feed { kind, entity: payment.id.into(), data });
    match ctx.db.apply(batch).await {
        Ok(_) => Ok(Some(true)),
        Err(store::Error::Guard(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// What a provider's call was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// The payment.
    pub payment: PaymentId,
    /// Whether it moved; a call that is told twice moves it once.
    pub moved: bool,
}

/// Takes a provider's signed call. Told twice, it counts once. `None`: it is about nothing of ours.
///
/// # Errors
/// A wrong signature, an unreadable body. A call about somebody else's payment is [`Error::NotFound`].
pub async fn settle(
    ctx: &Ctx,
    provider: &dyn PaymentProvider,
    signature: &str,
    body: &[u8],
) -> Result<Option<Settled>> {
    let Some(notice) = provider.notice(signature, body, ctx.now())? else { return Ok(None) };
    let payment = get(ctx, notice.payment).await?;
    let moved = moved(ctx, &payment, &notice).await?;
    Ok(Some(Settled { payment: payment.id, moved }))
}

/// The page of an order that waits, if it still takes money.
///
/// # Errors
/// [`Error::NotFound`]; whatever the provider says.
pub async fn reopen(ctx: &Ctx, provider: &dyn PaymentProvider, id: PaymentId) -> Result<Option<Checkout>> {
    let payment = get(ctx, id).await?;
    let (PaymentState::Waiting, Some(session)) = (payment.state, payment.session) else { return Ok(None) };
    Ok(provider.page(&session).await?.map(|url| Checkout { session, url }))
}

/// Ends an order that nobody paid: its page takes no money any more. What was paid meanwhile stays paid.
///
/// # Errors
/// [`Error::NotFound`]; whatever the provider says.
pub async fn close(ctx: &Ctx, provider: &dyn PaymentProvider, id: PaymentId) -> Result<Payment> {
    let payment = get(ctx, id).await?;
    if payment.state == PaymentState::Waiting
        && let Some(session) = &payment.session
    {
        provider.close(session).await?;
        return check(ctx, provider, id).await;
    }
    Ok(payment)
}

/// Asks the provider what became of an order, for calls that never came.
///
/// # Errors
/// [`Error::NotFound`]; whatever the provider says.
pub async fn check(ctx: &Ctx, provider: &dyn PaymentProvider, id: PaymentId) -> Result<Payment> {
    let payment = get(ctx, id).await?;
    if payment.state == PaymentState::Waiting
        && let Some(session) = &payment.session
        && let Some(notice) = provider.look(session).await?
        && notice.payment == id
    {
        moved(ctx, &payment, &notice).await?;
        return get(ctx, id).await;
    }
    Ok(payment)
}

/// Gives the money back, whole. Asked twice, it goes back once.
///
/// # Errors
/// [`Error::State`] when nothing was paid; whatever the provider says.
pub async fn refund(ctx: &Ctx, provider: &dyn PaymentProvider, id: PaymentId) -> Result<Payment> {
    let payment = get(ctx, id).await?;
    if payment.state == PaymentState::Refunded {
        return Ok(payment);
    }
    let paid = matches!(payment.state, PaymentState::Paid | PaymentState::Mismatched);
    let Some(charge) = payment.charge.as_deref().filter(|_| paid) else {
        return Err(Error::State("nothing was paid, so nothing can go back"));
    };
    provider.refund(id, charge).await?;
    let back = Notice { payment: id, state: PaymentState::Refunded, amount: None, charge: None };
    moved(ctx, &payment, &back).await?;
    get(ctx, id).await
}
