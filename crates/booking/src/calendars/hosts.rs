//! What calendars need to know of hosts and their bookings.

use kernel::{HostId, ResourceId, Timestamp};
use store::{Actor, Ctx};

use crate::error::invalid;
use crate::reservations::CalendarEntry;
use crate::{Error, Result, resources};

/// The host's time zone, when the host has one.
pub(super) async fn zone(ctx: &Ctx, host: HostId) -> Result<Option<String>> {
    crate::hosts::zone_of(ctx, host).await
}

/// The live bookings that take the host's time in the range.
pub(super) async fn bookings(ctx: &Ctx, host: HostId, range: (Timestamp, Timestamp)) -> Result<Vec<CalendarEntry>> {
    crate::reservations::of_host(ctx, host, range).await
}

/// Whether there is such a host or resource.
pub(super) async fn exists(ctx: &Ctx, host: HostId) -> Result<()> {
    match crate::hosts::get(ctx, host).await {
        Ok(known) if known.left_at.is_none() => return Ok(()),
        Ok(_) | Err(Error::NotFound(_)) => {}
        Err(error) => return Err(error),
    }
    match resources::get(ctx, ResourceId(host.0)).await {
        Err(Error::NotFound(_)) => Err(invalid("host", "there is no such host or resource")),
        other => other.map(|_| ()),
    }
}

/// Whether the acting member may handle this host's calendars: members their own, who manages bookings
/// everybody's.
///
/// # Errors
/// When the database fails.
pub async fn may_handle(ctx: &Ctx, host: HostId, manages: bool) -> Result<bool> {
    match ctx.actor {
        _ if manages => Ok(true),
        Actor::User(user) => Ok(crate::hosts::of(ctx, user).await?.is_some_and(|own| own.id == host)),
        _ => Ok(false),
    }
}
