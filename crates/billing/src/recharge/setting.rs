//! Whether the balance recharges itself: off until a member agrees, and what the member agreed to.

use jiff::tz::TimeZone;
use kernel::{ContactId, EventId, PaymentId, Timestamp, UserId};
use privacy::vocabulary::ConsentState;
use serde_json::{Value as Json, json};
use store::{Batch, Ctx, params, sql};

use super::agreed::{self, AUTO_RECHARGE, Consent};
use super::book::{TAKEN, To};
use super::job::{self, look_soon};
use super::{Agreeing, Recharge, State, Tills, amount_of, book, method};
use crate::{Error, Micros, Result, balance};

/// After so many failures in a row it is turned off.
pub const MOST_FAILURES: u32 = 3;
/// Seconds until the next attempt, after the first failure, the second, and so on.
const PAUSES: [i64; 2] = [3600, 6 * 3600];
/// Seconds after somebody called an attempt off.
const CALLED_OFF: i64 = 3600;

sql! {
    GET = "SELECT enabled, floor, amount, cap, currency, subject, consent, consented_at, open, failures, next_at, cap_told, stopped, stopped_at
        FROM recharge_setting WHERE workspace = $1";
    PUT = "INSERT INTO recharge_setting (workspace, enabled, floor, amount, cap, currency, subject, consent, consented_at, open, failures, next_at,
            cap_told, stopped, stopped_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, 0, NULL, NULL, NULL, NULL, $9)
        ON CONFLICT (workspace) DO UPDATE SET enabled = excluded.enabled, floor = excluded.floor, amount = excluded.amount, cap = excluded.cap,
            currency = excluded.currency, subject = excluded.subject, consent = excluded.consent, consented_at = excluded.consented_at,
            failures = 0, next_at = NULL, cap_told = NULL, stopped = NULL, stopped_at = NULL, updated_at = excluded.updated_at";
    ARM = "UPDATE balance SET recharge_at = $2 WHERE workspace = $1";
    DISARM = "UPDATE balance SET recharge_at = NULL WHERE workspace = $1";
    OFF = "UPDATE recharge_setting SET enabled = $3, stopped = $4, stopped_at = $5, next_at = NULL, updated_at = $6
        WHERE workspace = $1 AND enabled = $2";
    pub(crate) TAKE = "UPDATE recharge_setting SET open = $2 WHERE workspace = $1 AND open IS NULL AND enabled = $3 AND consent = $4";
    DONE = "UPDATE recharge_setting SET open = NULL, failures = 0, next_at = NULL WHERE workspace = $1 AND open = $2";
    LET_GO = "UPDATE recharge_setting SET open = NULL, failures = failures + $3, next_at = $4 WHERE workspace = $1 AND open = $2";
    CAP_TOLD = "UPDATE recharge_setting SET cap_told = $2 WHERE workspace = $1 AND (cap_told IS NULL OR cap_told < $2)";
    ERASE = "DELETE FROM recharge_setting WHERE workspace = $1 AND subject = $2";
    ERASE_ARMED = "UPDATE balance SET recharge_at = NULL WHERE workspace = $1
        AND EXISTS (SELECT 1 FROM recharge_setting s WHERE s.workspace = $1 AND s.subject = $2)";
}

store::personal!(store::PersonalTable {
    table: "recharge_setting",
    class: "account.member",
    subject: "subject",
    columns: &[],
    erase: &[ERASE_ARMED, ERASE],
    kept: None,
    collect: Some(collect),
});

fn collect<'a>(
    ctx: &'a Ctx,
    subject: ContactId,
    _: &'a store::SubjectKeys,
) -> store::BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let row: Option<Row> = ctx.db.opt(GET, params![ctx.workspace]).await?;
        let show = |row: Row| {
            json!({
                "enabled": row.enabled, "floor": row.floor.to_string(), "amount": row.amount.to_string(), "cap": row.cap.to_string(),
                "currency": row.currency, "agreement": row.consent, "agreed_at": row.consented_at,
            })
        };
        Ok(row.into_iter().filter(|row| row.subject == subject).map(show).collect())
    })
}

store::row! {
    /// The settings as they rest.
    #[derive(Debug, Clone, PartialEq)]
    pub(crate) struct Row {
        pub(crate) enabled: bool,
        pub(crate) floor: Micros,
        pub(crate) amount: Micros,
        pub(crate) cap: Micros,
        pub(crate) currency: String,
        pub(crate) subject: ContactId,
        pub(crate) consent: EventId,
        pub(crate) consented_at: Timestamp,
        pub(crate) open: Option<PaymentId>,
        pub(crate) failures: u32,
        pub(crate) next_at: Option<Timestamp>,
        pub(crate) cap_told: Option<Timestamp>,
        pub(crate) stopped: Option<String>,
        pub(crate) stopped_at: Option<Timestamp>,
    }
}

/// What a member wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Below this the balance is recharged.
    pub floor: Micros,
    /// By how much.
    pub amount: Micros,
    /// How much in a calendar month at most, in the workspace's zone.
    pub cap: Micros,
}

/// How recharging stands.
#[derive(Debug, Clone, PartialEq)]
pub struct AutoRecharge {
    /// Whether it is on.
    pub enabled: bool,
    /// What was agreed to last.
    pub terms: Option<Terms>,
    /// In which currency the balance is.
    pub currency: String,
    /// How much was taken in this calendar month, or still may be.
    pub used: Micros,
    /// When the month ends.
    pub month_ends_at: Timestamp,
    /// The agreement, while it is on.
    pub consent: Option<Consent>,
    /// Failures in a row.
    pub failures: u32,
    /// When it is tried again.
    pub next_attempt_at: Option<Timestamp>,
    /// The recharge under way.
    pub open: Option<Recharge>,
    /// Why and when it was turned off other than by a member.
    pub stopped: Option<(String, Timestamp)>,
}

pub(crate) async fn row(ctx: &Ctx) -> Result<Option<Row>> {
    Ok(ctx.db.opt(GET, params![ctx.workspace]).await?)
}

/// The calendar month around now, in the workspace's zone: its first instant, and the first one after it.
pub(crate) async fn month(ctx: &Ctx) -> Result<(Timestamp, Timestamp)> {
    let workspace = accounts::workspaces::get(ctx).await;
    let workspace = workspace.map_err(|error| Error::Store(store::Error::Refused(error.problem())))?;
    let zone = workspace.setting::<String>("time_zone").and_then(|name| TimeZone::get(&name).ok());
    let now = ctx.now().to_jiff().to_zoned(zone.unwrap_or(TimeZone::UTC));
    let bounds = || -> std::result::Result<_, jiff::Error> {
        let first = now.first_of_month()?.start_of_day()?;
        Ok((first.timestamp(), now.last_of_month()?.tomorrow()?.start_of_day()?.timestamp()))
    };
    let (first, next) = bounds().map_err(|_| Error::State("the calendar ends here"))?;
    Ok((first.into(), next.into()))
}

/// The smallest id that was given at an instant.
pub(crate) fn id_at(at: Timestamp) -> PaymentId {
    let mut id = [0; 16];
    let millis = at.as_millis().clamp(0, (1 << 48) - 1).to_be_bytes();
    id[..6].copy_from_slice(&millis[2..]);
    PaymentId(id)
}

/// How recharging stands.
///
/// # Errors
/// When the store fails.
pub async fn get(ctx: &Ctx) -> Result<AutoRecharge> {
    let (row, now) = (row(ctx).await?, balance::get(ctx).await?);
    let (first, month_ends_at) = month(ctx).await?;
    let (used,): (Micros,) = ctx.db.one(TAKEN, params![ctx.workspace, id_at(first), first]).await?;
    let mut shown = AutoRecharge {
        enabled: false,
        terms: None,
        currency: now.currency,
        used,
        month_ends_at,
        consent: None,
        failures: 0,
        next_attempt_at: None,
        open: None,
        stopped: None,
    };
    if let Some(row) = row {
        shown.open = match row.open {
            Some(id) => Some(book::get(ctx, id).await?),
            None => None,
        };
        shown.terms = Some(Terms { floor: row.floor, amount: row.amount, cap: row.cap });
        let consent = Consent { event: row.consent, at: row.consented_at, by: UserId(row.subject.0) };
        // A row says nothing that the ledger does not: older data may have been restored.
        let agreed = agreed::check(ctx, row.subject, AUTO_RECHARGE, row.consent);
        shown.enabled = row.enabled && agreed.await?.is_some();
        shown.consent = shown.enabled.then_some(consent);
        (shown.failures, shown.next_attempt_at) = (row.failures, row.next_at);
        shown.stopped = row.stopped.zip(row.stopped_at);
    }
    Ok(shown)
}

fn sound(terms: &Terms, currency: &str) -> Result<()> {
    amount_of("amount_micros", terms.amount, currency)?;
    if !terms.floor.is_sound() {
        return Err(Error::Field { field: "floor_micros", detail: "0 or more, at most a thousand million" });
    }
    if !terms.cap.is_sound() || terms.cap < terms.amount {
        return Err(Error::Field { field: "monthly_cap_micros", detail: "at least the amount of one recharge" });
    }
    Ok(())
}

/// What the ledger keeps of the terms; the same text is what a recharge is held against.
fn detail(terms: &Terms, currency: &str) -> Json {
    json!({
        "amount_micros": terms.amount, "floor_micros": terms.floor, "monthly_cap_micros": terms.cap, "currency": currency,
    })
}

/// Turns it on: the member who acts agrees to these terms. Each call is a new agreement in the ledger.
///
/// # Errors
/// [`Error::Person`] for anybody but a member; [`Error::Field`]; [`Error::State`] without a provider, a saved method or
/// a limit of the balance.
pub async fn put(ctx: &Ctx, tills: &dyn Tills, terms: Terms, agreeing: &Agreeing) -> Result<AutoRecharge> {
    agreed::member(ctx)?;
    let now = balance::get(ctx).await?;
    sound(&terms, &now.currency)?;
    if !tills.standing().available {
        return Err(super::tills::NONE);
    }
    if !now.is_limited() {
        return Err(Error::State("this balance is only counted; give it a limit first"));
    }
    if method::active(ctx).await?.is_none() {
        return Err(Error::State("no payment method is saved; save one first"));
    }
    let mut batch = ctx.batch();
    let about = detail(&terms, &now.currency);
    let (member, event) =
        agreed::give(&mut batch, ctx, AUTO_RECHARGE, (agreeing, "agree.auto_recharge"), about).await?;
    batch.push(
        PUT,
        params![
            ctx.workspace,
            true,
            terms.floor,
            terms.amount,
            terms.cap,
            now.currency.as_str(),
            member,
            event,
            ctx.now()
        ],
    );
    batch.push(ARM, params![ctx.workspace, terms.floor]);
    accounts::audit::record(&mut batch, ctx, "auto_recharge.agreed", &[&event]);
    look_soon(&mut batch);
    ctx.db.apply(batch).await?;
    get(ctx).await
}

/// Adds to the batch that it is turned off. Nothing happens when it is off.
pub(crate) fn off(batch: &mut Batch, ctx: &Ctx, row: &Row, why: Option<&str>) {
    let stopped_at = why.map(|_| ctx.now());
    batch.push(OFF, params![ctx.workspace, true, false, why, stopped_at, ctx.now()]);
    batch.push(DISARM, params![ctx.workspace]);
    if let Some(open) = row.open {
        // Nothing more may be taken: whoever drives it sees that the agreement has ended, and calls it off.
        batch.job(job::drive(open));
    }
}

/// Adds to the batch that it is turned off, and that the agreement has ended otherwise than by its member.
pub(crate) async fn turn_off(
    batch: &mut Batch,
    ctx: &Ctx,
    row: &Row,
    (state, why): (ConsentState, &'static str),
) -> Result<()> {
    off(batch, ctx, row, Some(why));
    agreed::end(batch, ctx, (row.subject, AUTO_RECHARGE, None), (state, why)).await
}

/// Turns it off: the agreement is withdrawn. What is under way is called off, unless it was paid already.
///
/// # Errors
/// When the store fails.
pub async fn withdraw(ctx: &Ctx) -> Result<AutoRecharge> {
    if let Some(row) = row(ctx).await?.filter(|row| row.enabled) {
        let mut batch = ctx.batch();
        off(&mut batch, ctx, &row, None);
        accounts::audit::record(&mut batch, ctx, "auto_recharge.withdrawn", &[&row.consent]);
        agreed::withdraw(ctx, batch, &[(row.subject, AUTO_RECHARGE)], "withdrawn").await?;
    }
    get(ctx).await
}

/// Turns off what no agreement in the ledger covers any more, such as after a restore of older data.
pub(crate) async fn tend(ctx: &Ctx) -> Result<()> {
    let Some(row) = row(ctx).await?.filter(|row| row.enabled) else { return Ok(()) };
    if agreed::check(ctx, row.subject, AUTO_RECHARGE, row.consent).await?.is_some() {
        return Ok(());
    }
    let mut batch = ctx.batch();
    off(&mut batch, ctx, &row, Some("no_consent"));
    accounts::audit::record(&mut batch, ctx, "auto_recharge.stopped", &[&row.consent]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Why the terms in the table are not what the ledger holds, or that they are.
///
/// # Errors
/// When the store fails, or the ledger does not verify.
pub(crate) async fn covered(ctx: &Ctx, row: &Row) -> Result<std::result::Result<(), &'static str>> {
    let Some(agreed) = agreed::check(ctx, row.subject, AUTO_RECHARGE, row.consent).await? else {
        return Ok(Err("no_consent"));
    };
    let terms = Terms { floor: row.floor, amount: row.amount, cap: row.cap };
    let wanted = detail(&terms, &row.currency);
    let same =
        wanted.as_object().is_some_and(|wanted| wanted.iter().all(|(name, value)| agreed.get(name) == Some(value)));
    Ok(if same { Ok(()) } else { Err("consent_differs") })
}

/// Says that the month's cap is reached, once in the month. `None` when it was said.
pub(crate) fn tell_cap(batch: &mut Batch, ctx: &Ctx, month: Timestamp) {
    batch.guard(CAP_TOLD, params![ctx.workspace, month]);
}

/// What the end of a recharge means for the settings, in the commit that ends it.
pub(crate) async fn follow(batch: &mut Batch, ctx: &Ctx, recharge: &Recharge, (next, to): (State, &To)) -> Result<()> {
    match next {
        State::NeedsAction => batch.job(job::notice("needs_action", recharge.id)),
        State::Paid => {
            batch.push(DONE, params![ctx.workspace, recharge.id]);
            look_soon(batch);
        }
        State::Cancelled if matches!(to.reason.as_deref(), Some("turned_off")) => {
            batch.push(LET_GO, params![ctx.workspace, recharge.id, 0, None::<Timestamp>]);
            look_soon(batch);
        }
        State::Cancelled if matches!(to.reason.as_deref(), Some("by_member")) => {
            let next_at = ctx.now().plus_seconds(CALLED_OFF);
            batch.push(LET_GO, params![ctx.workspace, recharge.id, 0, Some(next_at)]);
            look_soon(batch);
        }
        State::Failed | State::Cancelled | State::Mismatched => failed(batch, ctx, recharge).await?,
        _ => {}
    }
    Ok(())
}

async fn failed(batch: &mut Batch, ctx: &Ctx, recharge: &Recharge) -> Result<()> {
    let Some(row) = row(ctx).await?.filter(|row| row.open == Some(recharge.id)) else { return Ok(()) };
    let failures = row.failures + 1;
    let pause = PAUSES.get(row.failures as usize).copied();
    let next_at = pause.map(|pause| ctx.now().plus_seconds(pause));
    batch.push(LET_GO, params![ctx.workspace, recharge.id, 1, next_at]);
    if failures >= MOST_FAILURES || next_at.is_none() {
        let row = Row { open: None, ..row };
        if row.enabled {
            turn_off(batch, ctx, &row, (ConsentState::Expired, "failures")).await?;
            accounts::audit::record(batch, ctx, "auto_recharge.stopped", &[&recharge.id]);
            batch.job(job::notice("stopped", recharge.id));
        }
    } else {
        look_soon(batch);
    }
    Ok(())
}
