//! What goes out before and after an appointment.

use kernel::{BookingId, Timestamp};
use serde_json::json;
use store::{Batch, NewJob};

use super::MAIL_QUEUE;
use crate::model::Definition;

/// Enqueues reminders and follow-up. Each job looks at the booking again when its time has come, and does nothing
/// for one that was moved or called off meanwhile.
pub(crate) fn plan(
    batch: &mut Batch,
    definition: &Definition,
    booking: BookingId,
    (start, end): (Timestamp, Timestamp),
    now: Timestamp,
) {
    for minutes in &definition.reminders {
        let at = start.plus_seconds(-60 * i64::from(*minutes));
        // A reminder that would come together with the confirmation is none.
        if at > now.plus_seconds(300) {
            let payload = json!({ "booking": booking, "what": "reminder", "start": start });
            batch.job(NewJob::now(MAIL_QUEUE, payload).key(format!("{booking}/reminder/{}/{minutes}", start.0)).at(at));
        }
    }
    crate::sms::plan(batch, &definition.sms_reminders, booking, start, now);
    if let Some(minutes) = definition.follow_up {
        let at = end.plus_seconds(60 * i64::from(minutes));
        let payload = json!({ "booking": booking, "what": "follow_up", "start": start });
        batch.job(NewJob::now(MAIL_QUEUE, payload).key(format!("{booking}/follow_up/{}", start.0)).at(at));
    }
}
