//! `POST /v1/booking/bookings/{id}/no-show`

use booking::reservations;
use kernel::BookingId;

use crate::v1::prelude::*;

/// Whether the attendee came.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoShow {
    /// True when nobody came.
    no_show: bool,
}

/// Note whether the attendee came.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/no-show", params(("id" = String, Path)), request_body = NoShow, security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<BookingId>,
    JsonBody(input): JsonBody<NoShow>,
) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:write")?;
    let found = super::find(&ctx, &caller, id).await?;
    let noted = reservations::no_show(&ctx, &found, input.no_show).await?;
    super::view(&ctx, noted).await
}
