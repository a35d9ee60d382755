//! `POST /v1/booking/bookings/{id}/reassign`

use booking::reservations;
use kernel::{BookingId, HostId};

use crate::v1::prelude::*;

/// From whom to whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Reassignment {
    /// The host who has it.
    #[schema(value_type = String)]
    from: HostId,
    /// The host who takes it.
    #[schema(value_type = String)]
    to: HostId,
}

/// Give a session, with everybody who has a seat, to another host.
#[utoipa::path(post, path = "/v1/booking/bookings/{id}/reassign", params(("id" = String, Path)), request_body = Reassignment, security(("key" = ["bookings:write"])), responses((status = 200, body = super::BookingView)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<BookingId>,
    JsonBody(input): JsonBody<Reassignment>,
) -> Result<JsonBody<super::BookingView>> {
    let ctx = caller.require("bookings:write")?;
    let found = super::find(&ctx, &caller, id).await?;
    let given = reservations::reassign(&ctx, &found, input.from, input.to).await?;
    super::view(&ctx, given).await
}
