//! `POST /v1/booking/bookings/{id}/decline`

use booking::reservations;
use kernel::BookingId;

use crate::v1::prelude::*;

/// Say no to a booking that waits for approval.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/decline", params(("id" = String, Path)), request_body = super::BookingReason, security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<BookingId>,
    JsonBody(input): JsonBody<super::BookingReason>,
) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:write")?;
    let found = super::find(&ctx, &caller, id).await?;
    let ended = reservations::decline(&ctx, &found, input.reason.as_deref()).await?;
    super::view(&ctx, ended).await
}
