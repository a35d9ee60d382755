//! Answers that go sooner than their booking: each question may say how long its answer is needed, and that term is
//! kept with the answer, so that what was promised holds whatever becomes of the question.

use kernel::{BookingId, Timestamp};
use serde_json::json;
use store::{Ctx, Feed, params};

use super::attendee::Details;
use super::model::{Booking, get};
use crate::{Error, Result};

store::sql! {
    DUE_ANSWERS = "SELECT id FROM booking WHERE workspace = $1 AND answers_due_at <= $2 ORDER BY answers_due_at LIMIT 500";
    REDACT = "UPDATE booking SET sealed = $3, answers_due_at = $4, updated_at = $5 WHERE workspace = $1 AND id = $2 AND sealed = $6";
}

/// When the first answer is due that goes sooner than the booking.
pub(super) fn due(details: &Details, end: Timestamp) -> Option<Timestamp> {
    let given = details.terms.iter().filter(|(key, _)| details.answers.contains_key(*key));
    given.map(|(_, days)| end.plus_micros(i64::from(*days) * Timestamp::DAY)).min()
}

/// Takes out what is due.
fn redact(details: &mut Details, end: Timestamp, now: Timestamp) {
    let terms = std::mem::take(&mut details.terms);
    for (key, days) in terms {
        if end.plus_micros(i64::from(days) * Timestamp::DAY) <= now {
            details.answers.remove(&key);
        } else {
            details.terms.insert(key, days);
        }
    }
}

/// Deletes every answer whose time is over; the bookings stay.
///
/// # Errors
/// When the store fails.
pub(super) async fn end(ctx: &Ctx) -> Result<()> {
    loop {
        let due_now: Vec<(BookingId,)> = ctx.db.all(DUE_ANSWERS, params![ctx.workspace, ctx.now()]).await?;
        for (id,) in &due_now {
            end_one(ctx, &get(ctx, *id).await?).await?;
        }
        if due_now.len() < 500 {
            return Ok(());
        }
    }
}

async fn end_one(ctx: &Ctx, booking: &Booking) -> Result<()> {
    let Some(mut details) = booking.details(ctx).await? else { return Ok(()) };
    redact(&mut details, booking.end, ctx.now());
    let next = due(&details, booking.end);
    let sealed = Booking::seal(ctx, booking.contact, &details).await?;
    let mut batch = ctx.batch();
    // A booking that was changed meanwhile is still due, and comes next time.
    batch.guard(REDACT, params![ctx.workspace, booking.id, sealed, next, ctx.now(), booking.resting()]);
    batch.feed(Feed { kind: "booking.answers_erased", entity: booking.id.into(), data: json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(Error::Conflict("a booking changed meanwhile".to_owned())),
        other => other.map(|_| ()).map_err(Error::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_its_own_term() {
        let at = |days: i64| Timestamp(days * Timestamp::DAY);
        let mut details = Details::default();
        for (key, days) in [("a", Some(0)), ("b", Some(30)), ("c", None)] {
            details.answers.insert(key.to_owned(), json!("x"));
            if let Some(days) = days {
                details.terms.insert(key.to_owned(), days);
            }
        }
        details.terms.insert("never answered".to_owned(), 0);
        assert_eq!(due(&details, at(10)), Some(at(10)));
        redact(&mut details, at(10), at(10));
        assert_eq!(details.answers.keys().collect::<Vec<_>>(), ["b", "c"]);
        assert_eq!(due(&details, at(10)), Some(at(40)));
        redact(&mut details, at(10), at(41));
        assert_eq!(details.answers.keys().collect::<Vec<_>>(), ["c"]);
        assert_eq!(due(&details, at(10)), None);
    }
}
