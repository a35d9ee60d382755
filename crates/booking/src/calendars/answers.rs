//! Answers to invitations that came by mail (iMIP, RFC 6047): accepted, declined, another time proposed. They
//! are kept for the members to see; nothing is cancelled or moved by a mail.

use kernel::{BookingId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Ctx, Feed, params};

use super::ics::{self, End, Method, PartStat, When};
use super::queries;
use crate::Result;
use crate::reservations;

/// An answer as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// What they said: `accepted`, `declined`, `tentative`, `needs_action` or `delegated`.
    pub partstat: String,
    /// The time they propose instead.
    pub proposed_start: Option<Timestamp>,
    /// Until when.
    pub proposed_end: Option<Timestamp>,
    /// When the answer came.
    pub at: Timestamp,
}

/// The answers to a booking's invitation.
///
/// # Errors
/// When the store fails.
pub async fn answers(ctx: &Ctx, booking: BookingId) -> Result<Vec<Answer>> {
    type Row = (String, Option<Timestamp>, Option<Timestamp>, Timestamp);
    let rows: Vec<Row> = ctx.db.all(queries::ANSWERS, params![ctx.workspace, booking]).await?;
    Ok(rows
        .into_iter()
        .map(|(partstat, proposed_start, proposed_end, at)| Answer { partstat, proposed_start, proposed_end, at })
        .collect())
}

/// Keeps the answer that a mail's calendar part gives. `writer` is the address the mail came from: an answer
/// counts only for the person who wrote it. Whether there was an answer to one of our bookings.
///
/// # Errors
/// When the store fails.
pub async fn read_answer(ctx: &Ctx, writer: &str, part: &[u8]) -> Result<bool> {
    let Ok(calendar) = ics::parse(part) else { return Ok(false) };
    if !matches!(calendar.method, Some(Method::Reply | Method::Counter)) {
        return Ok(false);
    }
    let writer = writer.trim().to_lowercase();
    let keys = ctx.keys().await?;
    for event in calendar.events.iter().take(1) {
        let Some(booking) = event.uid.split('@').next().and_then(|id| id.parse::<BookingId>().ok()) else { continue };
        let Some(entry) = reservations::for_calendar(ctx, booking).await? else { continue };
        let invited = entry.attendees.iter().any(|(_, address)| address.expose().to_lowercase() == writer);
        let answered = event.attendees.iter().find(|attendee| attendee.address == writer);
        let (true, Some(answered)) = (invited, answered) else { continue };
        let counter = calendar.method == Some(Method::Counter);
        let at = |when: &When| when.instant(&jiff::tz::TimeZone::UTC);
        let start = counter.then(|| at(&event.start)).flatten();
        let end = match &event.end {
            End::At(when) if counter => at(when),
            End::After(length) if counter => {
                start.map(|start| start.plus_seconds(i64::from(length.days) * 86_400 + length.seconds))
            }
            _ => None,
        };
        let mark = super::accounts::mark(&keys, "calendar.answer", &writer);
        let mut batch = ctx.batch();
        let partstat: PartStat = answered.partstat;
        batch.push(
            queries::SAVE_ANSWER,
            params![
                ctx.workspace,
                booking,
                mark,
                partstat.as_str(),
                event.revision.sequence.clamp(0, i64::from(u32::MAX)),
                start,
                end,
                ctx.now()
            ],
        );
        batch.feed(Feed {
            kind: "booking.answered",
            entity: booking.0,
            data: json!({ "partstat": partstat.as_str(), "counter": counter }),
        });
        ctx.db.apply(batch).await?;
        return Ok(true);
    }
    Ok(false)
}

/// Takes the answers of a booking that is no more into the batch that ends it.
pub(crate) fn forget(batch: &mut store::Batch, booking: BookingId) {
    let workspace = batch.workspace();
    batch.push(queries::DELETE_ANSWERS, params![workspace, booking]);
}
