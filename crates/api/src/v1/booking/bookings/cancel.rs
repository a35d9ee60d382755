//! `POST /v1/booking/bookings/{id}/cancel`

use booking::reservations::{self, By};
use kernel::BookingId;

use crate::v1::prelude::*;

/// How a booking is called off.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BookingCancel {
    /// In the member's words; the attendee reads it.
    reason: Option<String>,
    /// Whether money that was paid goes back; it does unless this says false.
    refund: Option<bool>,
}

/// Call a booking off; its time is free at once.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/cancel", params(("id" = String, Path)), request_body = BookingCancel, security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<BookingId>,
    JsonBody(input): JsonBody<BookingCancel>,
) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:write")?;
    let found = super::find(&ctx, &caller, id).await?;
    let ended = reservations::cancel_and(&ctx, &found, (By::Member, input.refund), input.reason.as_deref()).await?;
    super::view(&ctx, ended).await
}
