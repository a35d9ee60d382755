//! `POST /v1/booking/bookings/{id}/approve`

use booking::reservations;
use kernel::BookingId;

use crate::v1::prelude::*;

/// Say yes to a booking that waits for approval.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/approve", params(("id" = String, Path)), security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<BookingId>) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:write")?;
    let found = super::find(&ctx, id).await?;
    if found.payment.as_deref() == Some("open") {
        return Err(Problem::new(Code::Conflict, "this booking waits to be paid").into());
    }
    let approved = reservations::approve(&ctx, &found).await?;
    super::view(&ctx, approved).await
}
