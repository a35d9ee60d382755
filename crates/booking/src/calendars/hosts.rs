//! What calendars need to know of hosts and their bookings.

use kernel::{HostId, Timestamp};
use store::Ctx;

use crate::Result;
use crate::reservations::CalendarEntry;

/// The host's time zone, when the host has one.
pub(super) async fn zone(ctx: &Ctx, host: HostId) -> Result<Option<String>> {
    crate::hosts::zone_of(ctx, host).await
}

/// The live bookings that take the host's time in the range.
pub(super) async fn bookings(ctx: &Ctx, host: HostId, range: (Timestamp, Timestamp)) -> Result<Vec<CalendarEntry>> {
    crate::reservations::of_host(ctx, host, range).await
}
