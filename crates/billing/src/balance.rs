//! A workspace's balance: reserve, settle, release, top up.

use kernel::{BalanceEntryId, Code, PaymentId, Problem, RawId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Batch, Ctx, Feed, Tx, params, sql};

use crate::{Error, Micros, Result, recharge};

/// The credit of a balance that is only counted, never a limit.
pub const UNLIMITED: Micros = Micros(i64::MAX / 4);
/// The currency of a balance that nobody configured.
const CURRENCY: &str = "EUR";

sql! {
    FIND = "SELECT currency, available, reserved, spent, credit, low_at, updated_at FROM balance WHERE workspace = $1";
    OPEN = "INSERT INTO balance (workspace, currency, available, reserved, spent, credit, low_at, low_told, updated_at)
        VALUES ($1, $2, 0, 0, 0, $3, 0, $4, $5) ON CONFLICT (workspace) DO NOTHING";
    /// The one place where money leaves what is available: never below the credit, whoever asks at the same time.
    RESERVE = "UPDATE balance SET available = available - $2, reserved = reserved + $2, updated_at = $3
        WHERE workspace = $1 AND available - $2 >= -credit RETURNING available, low_at, low_told, recharge_at";
    INSERT_RESERVATION = "INSERT INTO reservation (workspace, reference, amount, at) VALUES ($1, $2, $3, $4)";
    CREDIT = "UPDATE balance SET available = available + $2, updated_at = $3,
            low_told = CASE WHEN available + $2 < low_at THEN low_told ELSE $4 END WHERE workspace = $1";
    AVAILABLE = "SELECT available, recharge_at FROM balance WHERE workspace = $1";
    TELL_LOW = "UPDATE balance SET low_told = $2 WHERE workspace = $1";
    /// What was reserved and did not travel goes back. Nothing happens without a reservation.
    SETTLE = "UPDATE balance SET
            available = available + (SELECT r.amount - CASE WHEN $3 < r.amount THEN $3 ELSE r.amount END FROM reservation r
                WHERE r.workspace = $1 AND r.reference = $2),
            reserved = reserved - (SELECT r.amount FROM reservation r WHERE r.workspace = $1 AND r.reference = $2),
            spent = spent + (SELECT CASE WHEN $3 < r.amount THEN $3 ELSE r.amount END FROM reservation r
                WHERE r.workspace = $1 AND r.reference = $2),
            updated_at = $4
        WHERE workspace = $1 AND EXISTS (SELECT 1 FROM reservation r WHERE r.workspace = $1 AND r.reference = $2)";
    /// The charge bears the id of what it was for, so there is never a second one.
    CHARGE = "INSERT INTO balance_entry (workspace, id, at, kind, amount)
        SELECT workspace, reference, CAST($4 AS BIGINT), 'charge', -(CASE WHEN $3 < amount THEN $3 ELSE amount END)
        FROM reservation WHERE workspace = $1 AND reference = $2 AND $3 > 0 AND amount > 0
        ON CONFLICT (workspace, id) DO NOTHING";
    END_RESERVATION = "DELETE FROM reservation WHERE workspace = $1 AND reference = $2";
    TOP_UP = "UPDATE balance SET available = available + $2, updated_at = $3,
            low_told = CASE WHEN available + $2 < low_at THEN low_told ELSE $4 END
        WHERE workspace = $1 AND available + $2 <= $5";
    ENTER = "INSERT INTO balance_entry (workspace, id, at, kind, amount) VALUES ($1, $2, $3, $4, $5)";
    CONFIGURE = "UPDATE balance SET currency = $2, credit = $3, low_at = $4, low_told = $5, updated_at = $6
        WHERE workspace = $1 AND available + $3 >= 0 AND (currency = $2 OR (available = 0 AND reserved = 0 AND spent = 0))";
    ENTRIES = "SELECT id, at, kind, amount FROM balance_entry WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    DUE_ENTRIES = "SELECT NULL, at, id FROM balance_entry WHERE workspace = $1 AND id < $2 ORDER BY id LIMIT $3";
    END_ENTRY = "DELETE FROM balance_entry WHERE workspace = $1 AND id = $2";
}

store::retention!(store::RetentionRule {
    table: "balance_entry",
    class: "tax",
    covers: &[],
    event: "the entry was made",
    due_by: store::DueBy::Id,
    find: DUE_ENTRIES,
    end: &[END_ENTRY],
    before: None,
    after: None,
});

store::row! {
    /// How much there is.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Balance {
        /// The currency (ISO 4217).
        pub currency: String,
        /// What may still be used.
        pub available: Micros,
        /// What messages under way have set aside.
        pub reserved: Micros,
        /// What was charged since the beginning.
        pub spent: Micros,
        /// How far below zero the available amount may go; [`UNLIMITED`] when it is only counted.
        pub credit: Micros,
        /// Below this, once, the event `balance.low` is told.
        pub low_at: Micros,
        /// When it changed last.
        pub updated_at: Timestamp,
    }
}

impl Balance {
    /// Whether there is a limit at all.
    pub fn is_limited(&self) -> bool {
        self.credit < UNLIMITED
    }
}

store::row! {
    /// One movement.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Entry {
        /// The entry; a charge bears the id of what was charged.
        pub id: BalanceEntryId,
        /// When.
        pub at: Timestamp,
        /// `top_up`, `correction`, `charge`, `payment`, `recharge` or `refund`.
        pub kind: String,
        /// By how much the balance grew; negative for charges.
        pub amount: Micros,
    }
}

/// How a balance behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// The currency (ISO 4217); it cannot change once there was a movement.
    pub currency: String,
    /// How far below zero it may go; `None` for no limit.
    pub credit: Option<Micros>,
    /// Below this the event `balance.low` is told; 0 for never.
    pub low_at: Micros,
}

/// The workspace's balance; one that nobody configured is unlimited and counts from zero.
///
/// # Errors
/// The store's.
pub async fn get(ctx: &Ctx) -> Result<Balance> {
    if let Some(balance) = ctx.db.get::<Balance>(FIND, params![ctx.workspace]).await? {
        return Ok(balance);
    }
    let mut batch = ctx.batch();
    batch.push(OPEN, params![ctx.workspace, CURRENCY, UNLIMITED, false, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(ctx.db.one(FIND, params![ctx.workspace]).await?)
}

/// Sets aside what something will cost, in the transaction that accepts it. The balance must exist
/// ([`get`] makes it). `reference` is what is paid for; it can be reserved for once.
///
/// # Errors
/// The store's; `Ok(false)` when the balance does not cover it: then nothing was set aside.
pub fn reserve(tx: &mut Tx<'_>, ctx: &Ctx, reference: RawId, amount: Micros) -> store::Result<bool> {
    reserve_many(tx, ctx, &[(reference, amount)])
}

/// [`reserve`] for many things at once, all or none.
///
/// # Errors
/// As [`reserve`].
pub fn reserve_many(tx: &mut Tx<'_>, ctx: &Ctx, wanted: &[(RawId, Micros)]) -> store::Result<bool> {
    let now = ctx.now();
    let sum = Micros(wanted.iter().fold(0, |sum: i64, (_, amount)| sum.saturating_add(amount.0)));
    let Some((available, low_at, told, recharge_at)) =
        tx.opt::<(Micros, Micros, bool, Option<Micros>)>(RESERVE, params![ctx.workspace, sum, now])?
    else {
        return Ok(false);
    };
    let mut batch = ctx.batch();
    for (reference, amount) in wanted {
        batch.push(INSERT_RESERVATION, params![ctx.workspace, *reference, *amount, now]);
    }
    tell_low(&mut batch, ctx, (available, low_at, told));
    // Only who crosses the floor asks for a look: the end of a recharge looks again by itself.
    if recharge_at.is_some_and(|floor| available < floor && available.0.saturating_add(sum.0) >= floor.0) {
        recharge::look_soon(&mut batch);
    }
    tx.apply(batch)?;
    Ok(true)
}

/// Whether less than this is available, in a transaction that acts upon it.
pub(crate) fn is_below(tx: &mut Tx<'_>, ctx: &Ctx, floor: Micros) -> store::Result<bool> {
    let (available, _): (Micros, Option<Micros>) = tx.one(AVAILABLE, params![ctx.workspace])?;
    Ok(available < floor)
}

/// Adds money that was paid, in the commit that marks it paid. The entry bears the payment's id, so there is never a
/// second one.
pub(crate) fn credit(batch: &mut Batch, ctx: &Ctx, (payment, kind): (PaymentId, &'static str), amount: Micros) {
    let entry = BalanceEntryId(payment.0);
    batch.guard(CREDIT, params![ctx.workspace, amount, ctx.now(), false]);
    batch.guard(ENTER, params![ctx.workspace, entry, ctx.now(), kind, amount]);
    batch.feed(Feed { kind: "balance.changed", entity: ctx.workspace.into(), data: json!({ "entry": entry }) });
}

/// Takes money away that went back to whoever paid it; even below the credit, for it is not there any more.
pub(crate) fn debit(batch: &mut Batch, ctx: &Ctx, kind: &'static str, amount: Micros) {
    let (entry, less): (BalanceEntryId, _) = (ctx.id(), Micros(-amount.0));
    batch.guard(CREDIT, params![ctx.workspace, less, ctx.now(), false]);
    batch.guard(ENTER, params![ctx.workspace, entry, ctx.now(), kind, less]);
    batch.feed(Feed { kind: "balance.changed", entity: ctx.workspace.into(), data: json!({ "entry": entry }) });
}

fn tell_low(batch: &mut Batch, ctx: &Ctx, (available, low_at, told): (Micros, Micros, bool)) {
    if available < low_at && !told {
        batch.push(TELL_LOW, params![ctx.workspace, true]);
        let data = json!({ "available_micros": available, "low_at_micros": low_at });
        batch.feed(Feed { kind: "balance.low", entity: ctx.workspace.into(), data });
    }
}

/// Turns a reservation into a charge of `amount`, at most of what was reserved; the rest becomes
/// available again. Nothing happens when it was settled before.
pub fn settle(batch: &mut Batch, ctx: &Ctx, reference: RawId, amount: Micros) {
    let about = params![ctx.workspace, reference, amount, ctx.now()];
    batch.push(SETTLE, about.clone());
    batch.push(CHARGE, about);
    batch.push(END_RESERVATION, params![ctx.workspace, reference]);
}

/// Gives a reservation back: nothing travelled.
pub fn release(batch: &mut Batch, ctx: &Ctx, reference: RawId) {
    settle(batch, ctx, reference, Micros(0));
}

/// Adds money, or takes some away as a correction.
///
/// # Errors
/// [`Error::Field`] when the amount is zero or too large, or the store's.
pub async fn top_up(ctx: &Ctx, amount: Micros) -> Result<BalanceEntryId> {
    let wrong = |detail| Error::Field { field: "amount_micros", detail };
    if amount.0 == 0 || !Micros(amount.0.saturating_abs()).is_sound() {
        return Err(wrong("an amount other than 0, of at most a thousand million"));
    }
    get(ctx).await?;
    let (id, now) = (ctx.id::<BalanceEntryId>(), ctx.now());
    let kind = if amount.0 > 0 { "top_up" } else { "correction" };
    let mut batch = ctx.batch();
    batch.guard(TOP_UP, params![ctx.workspace, amount, now, false, Micros::MOST]);
    batch.push(ENTER, params![ctx.workspace, id, now, kind, amount]);
    if amount.0 < 0 {
        recharge::look_soon(&mut batch);
    }
    batch.feed(Feed { kind: "balance.changed", entity: ctx.workspace.into(), data: json!({ "entry": id }) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(wrong("the balance would be above a thousand million")),
        other => Ok(other.map(|_| id)?),
    }
}

/// Changes how the balance behaves.
///
/// # Errors
/// [`Error::Field`] when a value is not acceptable, a conflict when the currency is in use or the
/// balance is below the new credit already.
pub async fn configure(ctx: &Ctx, terms: Terms) -> Result<Balance> {
    let code = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
    if !code(&terms.currency) {
        return Err(Error::Field { field: "currency", detail: "three capital letters (ISO 4217)" });
    }
    if !terms.credit.unwrap_or_default().is_sound() {
        return Err(Error::Field { field: "credit_micros", detail: "0 or more, at most a thousand million" });
    }
    if !terms.low_at.is_sound() {
        return Err(Error::Field { field: "low_at_micros", detail: "0 or more, at most a thousand million" });
    }
    get(ctx).await?;
    let mut batch = ctx.batch();
    let credit = terms.credit.unwrap_or(UNLIMITED);
    batch.guard(CONFIGURE, params![ctx.workspace, terms.currency, credit, terms.low_at, false, ctx.now()]);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => {
            let detail = "the currency is in use, or the balance is below the new credit already";
            Err(store::Error::Refused(Problem::new(Code::Conflict, detail)).into())
        }
        other => {
            other?;
            get(ctx).await
        }
    }
}

/// A page of movements, the latest first, before `before`.
///
/// # Errors
/// The store's.
pub async fn entries(ctx: &Ctx, before: Option<BalanceEntryId>, limit: u32) -> Result<Vec<Entry>> {
    let before = before.unwrap_or(BalanceEntryId([0xff; 16]));
    Ok(ctx.db.all(ENTRIES, params![ctx.workspace, before, limit]).await?)
}
