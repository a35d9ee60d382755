//! `GET /v1/booking/moved-by-zones`

use kernel::BookingId;

use crate::v1::prelude::*;

/// A booking whose local time means another instant today.
#[derive(Serialize, ToSchema)]
pub(super) struct MovedBooking {
    /// The booking.
    #[schema(value_type = String)]
    id: BookingId,
    /// The instant it was booked for; it stays.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// The local time that was agreed.
    civil: String,
    /// In this zone.
    timezone: String,
    /// The instant that the local time means today.
    #[schema(value_type = String, format = DateTime)]
    means: Timestamp,
}

/// Bookings to look at.
#[derive(Serialize, ToSchema)]
pub(super) struct MovedBookings {
    /// By start.
    items: Vec<MovedBooking>,
}

/// Bookings to come whose agreed local time is another instant today than when they were made, because the rules of their zone changed.
#[utoipa::path(get, path = "/v1/booking/moved-by-zones", security(("key" = ["bookings:read"])), responses((status = 200, body = MovedBookings)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<MovedBookings>> {
    let ctx = caller.require("bookings:read")?;
    let mut items = Vec::new();
    for (booking, means) in booking::reservations::moved_by_zones(&ctx).await? {
        items.push(MovedBooking {
            id: booking.id,
            start: booking.start,
            civil: booking.civil,
            timezone: booking.timezone,
            means,
        });
    }
    Ok(JsonBody(MovedBookings { items }))
}
