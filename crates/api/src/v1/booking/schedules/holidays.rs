//! `GET /v1/booking/holidays`

use crate::v1::prelude::*;

/// Every list of holidays.
#[utoipa::path(get, path = "/v1/booking/holidays", security(("key" = ["bookings:read"])), responses((status = 200, body = Listed<booking::schedules::Holidays>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<booking::schedules::Holidays>>> {
    let ctx = caller.require("bookings:read")?;
    Ok(JsonBody(booking::schedules::holidays(&ctx).await?.into()))
}
