//! Reminders by SMS. What is said and to whom is decided here; the channel is another crate's, so the jobs of
//! [`QUEUE`] are done where both are known.

use kernel::{BookingId, ContactId, Phone, RawId, Timestamp};
use store::{Batch, Ctx, NewJob};

use crate::mails::{CALLED_OFF, REMINDER, TOO_LATE, log, spoken};
use crate::reservations::{Answered, State, call_off_by_answer};
use crate::{Result, samples};

/// Jobs for reminders by SMS: `{"booking": id, "start": instant}`.
pub const QUEUE: &str = "booking.sms";

/// A reminder that is due.
pub struct Reminder {
    /// Whom it is for.
    pub contact: ContactId,
    /// To which number.
    pub to: Phone,
    /// What it says, in the attendee's language and by the attendee's clock.
    pub text: String,
    /// Until when it makes sense.
    pub start: Timestamp,
    booking: BookingId,
    source: RawId,
}

impl std::fmt::Debug for Reminder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reminder([pii])")
    }
}

/// The reminder that a job stands for; `None` when the booking was moved, called off or erased meanwhile, when the
/// attendee gave no number, or when it was taken already.
///
/// # Errors
/// When the store fails.
pub async fn due(ctx: &Ctx, job: kernel::JobId, id: BookingId, start: Timestamp) -> Result<Option<Reminder>> {
    let Some(said) = spoken(ctx, id, REMINDER).await? else { return Ok(None) };
    let stands = said.state == State::Confirmed && said.start == start && said.source != samples::SOURCE;
    if !stands || start <= ctx.now() {
        return Ok(None);
    }
    let Some(to) = said.phone.as_deref().and_then(|phone| Phone::parse(phone, None).ok()) else { return Ok(None) };
    let source = ctx.keys().await?.mac("booking sms", &job.0);
    Ok(Some(Reminder { contact: said.contact, to, text: said.text, start, booking: id, source }))
}

impl Reminder {
    /// Takes it, once: whoever comes second is told so and sends nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take(&self, ctx: &Ctx) -> Result<bool> {
        log::take(ctx, self.booking, self.source).await
    }
}

/// Calls off what a reminder was about because its receiver answered "cancel"; what is answered to them. `None`: the
/// answer has nothing to do with a booking.
///
/// # Errors
/// When the store fails.
pub async fn call_off(ctx: &Ctx, id: BookingId, who: ContactId) -> Result<Option<(Answered, String)>> {
    let Some(answered) = call_off_by_answer(ctx, id, who).await? else { return Ok(None) };
    let line = match answered {
        Answered::CalledOff | Answered::Before => CALLED_OFF,
        Answered::TooLate => TOO_LATE,
    };
    Ok(spoken(ctx, id, line).await?.map(|said| (answered, said.text)))
}

/// Enqueues the reminders of a booking.
pub(crate) fn plan(batch: &mut Batch, minutes: &[u32], booking: BookingId, start: Timestamp, now: Timestamp) {
    for minutes in minutes {
        let at = start.plus_seconds(-60 * i64::from(*minutes));
        if at > now.plus_seconds(300) {
            let payload = serde_json::json!({ "booking": booking, "start": start });
            batch.job(NewJob::now(QUEUE, payload).key(format!("{booking}/{}/{minutes}", start.0)).at(at));
        }
    }
}
