//! What hosts did to copies of bookings in their own calendars. A member decides what it means.

use kernel::{BookingId, CalendarId, HostId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Ctx, NewJob, params};

use super::{copies, queries};
use crate::{Error, Result};

/// What the host did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Suggested {
    /// Deleted or cancelled the event.
    Deleted,
    /// Moved it.
    Moved,
}

/// A copy that its host changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The booking, which still stands.
    pub booking: BookingId,
    /// In which calendar.
    pub calendar: CalendarId,
    /// Whose calendar.
    pub host: HostId,
    /// What was done.
    pub kind: Suggested,
    /// When the booking begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// When the change was noticed.
    pub at: Timestamp,
}

/// The open suggestions.
///
/// # Errors
/// When the store fails.
pub async fn suggestions(ctx: &Ctx) -> Result<Vec<Suggestion>> {
    type Row = (BookingId, CalendarId, HostId, String, Timestamp, Timestamp, Timestamp);
    let mut out = Vec::new();
    for (state, kind) in [("deleted", Suggested::Deleted), ("moved", Suggested::Moved)] {
        let rows: Vec<Row> = ctx.db.all(queries::SUGGESTIONS, params![ctx.workspace, state]).await?;
        out.extend(rows.into_iter().map(|(booking, calendar, host, _, start, end, at)| Suggestion {
            booking,
            calendar,
            host,
            kind,
            start,
            end,
            at,
        }));
    }
    out.sort_by_key(|suggestion| (suggestion.start, suggestion.booking));
    Ok(out)
}

/// Keeps the booking as it is: the copy is written again.
///
/// # Errors
/// [`Error::NotFound`] when nothing is suggested about it.
pub async fn dismiss(ctx: &Ctx, booking: BookingId) -> Result<()> {
    let open: Vec<_> = copies::of(ctx, booking)
        .await?
        .into_iter()
        .filter(|copy| matches!(copy.state.as_str(), "deleted" | "moved"))
        .collect();
    if open.is_empty() {
        return Err(Error::NotFound("suggestion"));
    }
    let mut batch = ctx.batch();
    let none: Option<String> = None;
    for copy in &open {
        batch.push(
            queries::COPY_STATE,
            params![ctx.workspace, booking, copy.calendar, "writing", none.clone(), ctx.now()],
        );
    }
    batch.job(NewJob::now(copies::QUEUE, json!({ "booking": booking })).key(booking.to_string()));
    ctx.db.apply(batch).await?;
    Ok(())
}
