//! `GET /v1/booking/schedules`

use crate::v1::prelude::*;

/// Every schedule.
#[utoipa::path(get, path = "/v1/booking/schedules", security(("key" = ["bookings:read"])), responses((status = 200, body = Listed<booking::schedules::Schedule>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<booking::schedules::Schedule>>> {
    let ctx = caller.require("bookings:read")?;
    Ok(JsonBody(booking::schedules::list(&ctx).await?.into()))
}
