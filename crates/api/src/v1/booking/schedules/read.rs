//! `GET /v1/booking/schedules/{id}`

use kernel::ScheduleId;

use crate::v1::prelude::*;

/// A schedule.
#[utoipa::path(get, path = "/v1/booking/schedules/{id}", params(("id" = String, Path)), security(("key" = ["bookings:read"])), responses((status = 200, body = booking::schedules::Schedule)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ScheduleId>,
) -> Result<JsonBody<booking::schedules::Schedule>> {
    let ctx = caller.require("bookings:read")?;
    Ok(JsonBody(booking::schedules::get(&ctx, id).await?))
}
