//! `POST /v1/booking/bookings/{id}/cancel`

use booking::reservations::{self, By};
use kernel::BookingId;

use crate::v1::prelude::*;

/// Call a booking off; its time is free at once.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/cancel", params(("id" = String, Path)), request_body = super::BookingReason, security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<BookingId>,
    JsonBody(input): JsonBody<super::BookingReason>,
) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:write")?;
    let found = super::find(&ctx, id).await?;
    let ended = reservations::cancel(&ctx, &found, By::Member, input.reason.as_deref()).await?;
    super::view(&ctx, ended).await
}
