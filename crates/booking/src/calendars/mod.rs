//! Calendars outside Barid: what they say about hosts' time, and the copies of bookings kept there.
//!
//! A slot query never touches the network: [`busy`] reads what background synchronisation stored.
//! On the booking path [`recheck`] asks the chosen host's calendars once more, within two seconds.

pub mod ics;

use kernel::{EventTypeId, HostId, Timestamp};
use store::Ctx;

use crate::Result;

/// Whose busy times are wanted, for what, and when.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The hosts; a resource under [`HostId`] with the octets of its own id.
    pub hosts: Vec<HostId>,
    /// The event type, which may have a choice of conflict calendars of its own.
    pub event_type: EventTypeId,
    /// Whether tentative events and those not answered yet block (rule R17's setting).
    pub tentative: bool,
    /// From (inclusive).
    pub from: Timestamp,
    /// To (exclusive).
    pub to: Timestamp,
}

/// Whether the calendars could be asked just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// [`busy`] now says what the calendars say, or nothing is connected.
    Current,
    /// A calendar did not answer and its last good synchronisation is too old for the workspace's setting:
    /// the booking must be refused for this host.
    Stale,
}

/// The intervals that block, per host, in no particular order: events that R17 lets block and that overlap
/// the range. Copies of Barid's own bookings (known by their UID) are not among them: reservations know those
/// with their buffers and seats.
///
/// # Errors
/// When the database fails.
pub async fn busy(_ctx: &Ctx, _wanted: &Wanted) -> Result<Vec<(HostId, Timestamp, Timestamp)>> {
    Ok(Vec::new())
}

/// Asks the host's conflict calendars of this event type about the range once more, at most two seconds long,
/// and stores what they say, so that the next [`busy`] has it.
///
/// # Errors
/// When the database fails; a calendar's failure is [`Checked`], not an error.
pub async fn recheck(_ctx: &Ctx, _wanted: &Wanted) -> Result<Checked> {
    Ok(Checked::Current)
}
