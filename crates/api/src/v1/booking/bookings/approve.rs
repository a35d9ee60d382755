//! `POST /v1/booking/bookings/{id}/approve`

use booking::reservations;
use kernel::BookingId;

use crate::v1::prelude::*;

/// Say yes to a booking that waits for approval, or to a payment of another amount than was asked for.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/approve", params(("id" = String, Path)), security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<BookingId>) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:write")?;
    let found = super::find(&ctx, &caller, id).await?;
    let approved = reservations::approve(&ctx, &found).await?;
    super::view(&ctx, approved).await
}
