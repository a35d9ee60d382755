//! `GET /v1/booking/resources`

use crate::v1::prelude::*;

/// Every resource.
#[utoipa::path(get, path = "/v1/booking/resources", security(("key" = ["bookings:read"])), responses((status = 200, body = Listed<booking::resources::Resource>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<booking::resources::Resource>>> {
    let ctx = caller.require("bookings:read")?;
    Ok(JsonBody(booking::resources::list(&ctx).await?.into()))
}
