//! `POST /v1/booking/bookings/{id}/reschedule`

use booking::reservations::{self, By};
use kernel::{BookingId, HostId};

use crate::v1::prelude::*;

/// Another time.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTime {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    start: Timestamp,
    /// One of the lengths on offer, in minutes; as before when absent.
    duration: Option<u32>,
    /// With this host of the pool.
    #[schema(value_type = Option<String>)]
    host: Option<HostId>,
}

/// Move a booking to another time in one change; its UID stays.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/reschedule", params(("id" = String, Path)), request_body = NewTime, security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<BookingId>,
    JsonBody(input): JsonBody<NewTime>,
) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:write")?;
    let found = super::find(&ctx, &caller, id).await?;
    let to = (input.start, input.duration);
    let moved = reservations::reschedule(&ctx, (&found, Some(&app.calendars)), to, input.host, By::Member).await?;
    super::view(&ctx, moved).await
}
