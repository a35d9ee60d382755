//! `POST /v1/booking/bookings/{id}/refund`

use kernel::BookingId;

use crate::v1::prelude::*;

/// Send the money for a booking back, whole; the booking stays as it is. Also tries again what the provider refused.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/refund", params(("id" = String, Path)), security(("key" = ["bookings:manage"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<BookingId>,
) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:manage")?;
    let found = super::find(&ctx, &caller, id).await?;
    let back = app.payments.give_back(&ctx, &found).await?;
    super::view(&ctx, back).await
}
