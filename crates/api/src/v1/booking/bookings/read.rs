//! `GET /v1/booking/bookings/{id}`

use kernel::BookingId;

use crate::v1::prelude::*;

/// A booking.
#[utoipa::path(get, path = "/v1/booking/bookings/{id}", params(("id" = String, Path)), security(("key" = ["bookings:read"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<BookingId>) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:read")?;
    let found = super::find(&ctx, &caller, id).await?;
    super::view(&ctx, found).await
}
