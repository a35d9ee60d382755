//! `GET /v1/booking/event-types`

use crate::v1::prelude::*;

/// Every event type.
#[utoipa::path(get, path = "/v1/booking/event-types", security(("key" = ["bookings:read"])), responses((status = 200, body = Listed<super::BookableType>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<super::BookableType>>> {
    let ctx = caller.require("bookings:read")?;
    let all = booking::event_types::all(&ctx).await?;
    Ok(JsonBody(super::shown(&app, &ctx, all).await?.into()))
}
