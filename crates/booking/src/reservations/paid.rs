//! What a payment does to its booking. The column `payment` says: `open` (to be paid), `failed` (refused, and still
//! to be paid), `expired` (not paid in time), `paid`, `mismatched` (paid, but not what was asked for: a member
//! decides), `refunding`, `refunded`, `refund_failed` (the provider says no: a member decides).

use kernel::{BookingId, Code, PaymentId, Problem, Timestamp};
use serde_json::json;
use store::{Batch, Ctx, Feed, params};

use super::book::{Happened, refused, told};
use super::change::{By, End, end};
use super::model::{Booking, State};
use super::reminders;
use crate::model::Payment;
use crate::payments::job;
use crate::reservations::in_time;
use crate::{Error, Result, event_types};

store::sql! {
    DUE_PAYMENT = "SELECT pay_by FROM booking WHERE workspace = $1 AND id = $2 AND live = 1 AND state = 'pending' AND payment IN ('open', 'failed')";
    FIND = "SELECT id, session, event_type, contact, state, sequence, start_at, end_at, timezone, civil, attendee_timezone, language, source,
        no_show, payment, payment_reference, ended_by, created_at, updated_at, sealed FROM booking WHERE workspace = $1 AND id = $2";
    CONFIRM = "UPDATE booking SET state = 'confirmed', payment = 'paid', payment_reference = $3, pay_by = NULL, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND live = 1 AND state = 'pending' AND payment IN ('open', 'failed')";
    PUZZLE = "UPDATE booking SET payment = 'mismatched', payment_reference = $3, pay_by = NULL, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND live = 1 AND state = 'pending' AND payment IN ('open', 'failed')";
    FAIL = "UPDATE booking SET payment = 'failed', updated_at = $3 WHERE workspace = $1 AND id = $2 AND live = 1 AND payment = 'open'";
    /// Money that came for a booking which had ended unpaid.
    LATE = "UPDATE booking SET payment = 'refunding', payment_reference = $3, updated_at = $4
        WHERE workspace = $1 AND id = $2 AND payment_reference IS NULL";
    BACK = "UPDATE booking SET payment = 'refunding', updated_at = $4
        WHERE workspace = $1 AND id = $2 AND payment_reference = $3 AND payment IN ('paid', 'mismatched', 'refund_failed')";
    WENT = "UPDATE booking SET payment = 'refunded', updated_at = $4 WHERE workspace = $1 AND id = $2 AND payment_reference = $3 AND payment <> 'refunded'";
    STUCK = "UPDATE booking SET payment = 'refund_failed', updated_at = $4 WHERE workspace = $1 AND id = $2 AND payment_reference = $3 AND payment = 'refunding'";
}

/// Until when a booking is to be paid; `None` when nothing is to be paid (any more).
///
/// # Errors
/// When the database fails.
pub(crate) async fn due(ctx: &Ctx, id: BookingId) -> Result<Option<Timestamp>> {
    let found: Option<(Option<Timestamp>,)> = ctx.db.opt(DUE_PAYMENT, params![ctx.workspace, id]).await?;
    Ok(found.and_then(|found| found.0))
}

/// How money came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    /// What was asked for.
    Whole,
    /// Another amount.
    Otherwise,
}

fn fed(batch: &mut Batch, kind: &'static str, id: BookingId, payment: PaymentId) {
    batch.feed(Feed { kind, entity: id.into(), data: json!({ "payment": payment }) });
}

/// Money came: the booking stands, or the money goes back.
pub(crate) async fn came(ctx: &Ctx, id: BookingId, payment: PaymentId, how: Came) -> Result<()> {
    // A booking that is changed meanwhile is looked at again.
    for _ in 0..3 {
        let booking: Option<Booking> = ctx.db.opt(FIND, params![ctx.workspace, id]).await?;
        let name = payment.to_string();
        let mut batch = ctx.batch();
        let values = params![ctx.workspace, id, name.as_str(), ctx.now()];
        match &booking {
            Some(booking) if booking.payment_reference.as_deref() == Some(&name) => return Ok(()),
            Some(booking) if waits(booking) && how == Came::Whole => {
                let of = event_types::get(ctx, booking.event_type).await?;
                batch.guard(CONFIRM, values);
                fed(&mut batch, "booking.paid", id, payment);
                told(&mut batch, "booking.confirmed", Happened::to(booking, &of));
                reminders::plan(&mut batch, &of.definition, id, (booking.start, booking.end), ctx.now());
            }
            Some(booking) if waits(booking) => {
                batch.guard(PUZZLE, values);
                fed(&mut batch, "booking.payment_mismatched", id, payment);
            }
            Some(booking) if booking.payment_reference.is_none() => {
                batch.guard(LATE, values);
                batch.job(job::refund(payment));
            }
            // Paid twice, or erased meanwhile.
            _ => batch.job(job::refund(payment)),
        }
        match ctx.db.apply(batch).await {
            Err(store::Error::Guard(_)) => {}
            other => return other.map(|_| ()).map_err(Error::from),
        }
    }
    Err(Error::Conflict("this booking is changing; try again".to_owned()))
}

fn waits(booking: &Booking) -> bool {
    booking.state == State::Pending && matches!(booking.payment.as_deref(), Some("open" | "failed"))
}

/// The provider refused the money; until the term ends, another attempt may succeed.
pub(crate) async fn failed(ctx: &Ctx, id: BookingId) -> Result<()> {
    // A booking has one page open at a time: another one that waits is a later attempt.
    if !crate::payments::waiting(ctx, id).await?.is_empty() {
        return Ok(());
    }
    let mut batch = ctx.batch();
    batch.guard(FAIL, params![ctx.workspace, id, ctx.now()]);
    batch.feed(Feed { kind: "booking.payment_failed", entity: id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(()),
        other => other.map(|_| ()).map_err(Error::from),
    }
}

async fn noted(ctx: &Ctx, (sql, kind): (store::Sql, &'static str), id: BookingId, payment: PaymentId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.guard(sql, params![ctx.workspace, id, payment.to_string(), ctx.now()]);
    fed(&mut batch, kind, id, payment);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Ok(()),
        other => other.map(|_| ()).map_err(Error::from),
    }
}

/// The money is back with whoever paid.
pub(crate) async fn went_back(ctx: &Ctx, id: BookingId, payment: PaymentId) -> Result<()> {
    noted(ctx, (WENT, "booking.refunded"), id, payment).await
}

/// The provider does not send the money back.
pub(crate) async fn stuck(ctx: &Ctx, id: BookingId, payment: PaymentId) -> Result<()> {
    noted(ctx, (STUCK, "booking.refund_failed"), id, payment).await
}

/// Nobody paid in time.
pub(crate) async fn lapse(ctx: &Ctx, booking: &Booking) -> Result<()> {
    if !waits(booking) {
        return Ok(());
    }
    match end(ctx, booking, End::Cancelled, (By::System, None), None).await {
        Ok(_) => Ok(()),
        // Paid or called off in the same moment.
        Err(error) if error.problem().code == Code::Conflict => Ok(()),
        Err(error) => Err(error),
    }
}

/// Sends the money for a booking back; the booking stays as it is.
pub(crate) async fn give_back(ctx: &Ctx, booking: &Booking) -> Result<()> {
    let nothing =
        || refused(store::Error::Refused(Problem::new(Code::Conflict, "nothing was paid, so nothing can go back")));
    let payment: PaymentId =
        booking.payment_reference.as_deref().and_then(|name| name.parse().ok()).ok_or_else(nothing)?;
    let mut batch = ctx.batch();
    batch.guard(BACK, params![ctx.workspace, booking.id, payment.to_string(), ctx.now()]);
    batch.job(job::refund(payment));
    accounts::audit::record(&mut batch, ctx, "booking.refund", &[&booking.id]);
    fed(&mut batch, "booking.refunding", booking.id, payment);
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(nothing()),
        other => other.map(|_| ()).map_err(Error::from),
    }
}

/// What the end of a booking means for its money.
pub(super) struct Ending {
    /// The column's new value.
    pub(super) payment: Option<String>,
    /// What moves it.
    pub(super) job: Option<store::NewJob>,
}

impl Ending {
    /// Money that was paid goes back when the organisation calls off (unless a member says otherwise), and when the
    /// attendee does so within the term that the event type gives.
    pub(super) fn of(
        booking: &Booking,
        price: Option<&Payment>,
        (by, back): (By, Option<bool>),
        now: Timestamp,
    ) -> Self {
        let same = || booking.payment.clone();
        let paid = booking.payment_reference.as_deref().and_then(|name| name.parse().ok());
        match (booking.payment.as_deref(), paid) {
            (Some("open" | "failed"), _) => {
                Self { payment: Some("expired".to_owned()), job: Some(job::close(booking.id)) }
            }
            (Some("paid" | "mismatched" | "refund_failed"), Some(payment)) => {
                let owed = match by {
                    By::Attendee => price.is_none_or(|price| in_time(price.refund_until, booking.start, now)),
                    By::Member | By::System => back.unwrap_or(true),
                };
                if owed {
                    Self { payment: Some("refunding".to_owned()), job: Some(job::refund(payment)) }
                } else {
                    Self { payment: same(), job: None }
                }
            }
            _ => Self { payment: same(), job: None },
        }
    }

    pub(super) fn plan(self, batch: &mut Batch) {
        if let Some(job) = self.job {
            batch.job(job);
        }
    }
}
