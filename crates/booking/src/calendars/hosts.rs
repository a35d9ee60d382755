//! What calendars need to know of hosts and their bookings.

use kernel::{HostId, Timestamp};
use store::Ctx;

use crate::Result;
use crate::reservations::CalendarEntry;

/// The host's time zone, when the host has one.
#[expect(clippy::unused_async, reason = "hosts are read from the database once they are kept there")]
pub(super) async fn zone(_ctx: &Ctx, _host: HostId) -> Result<Option<String>> {
    Ok(None)
}

/// The live bookings that take the host's time in the range.
#[expect(clippy::unused_async, reason = "bookings are read from the database once they are kept there")]
pub(super) async fn bookings(_ctx: &Ctx, _host: HostId, _range: (Timestamp, Timestamp)) -> Result<Vec<CalendarEntry>> {
    Ok(Vec::new())
}
