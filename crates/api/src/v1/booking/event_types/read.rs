//! `GET /v1/booking/event-types/{id}`

use kernel::EventTypeId;

use crate::v1::prelude::*;

/// An event type.
#[utoipa::path(get, path = "/v1/booking/event-types/{id}", params(("id" = String, Path)), security(("key" = ["bookings:read"])), responses((status = 200, body = super::BookableType)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EventTypeId>,
) -> Result<JsonBody<super::BookableType>> {
    let ctx = caller.require("bookings:read")?;
    let found = booking::event_types::get(&ctx, id).await?;
    Ok(JsonBody(super::one(&app, &ctx, found).await?))
}
