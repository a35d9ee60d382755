//! `PUT /v1/booking/schedules/{id}`

use kernel::ScheduleId;

use crate::v1::prelude::*;

/// Change a schedule that is still at this version.
#[utoipa::path(put, path = "/v1/booking/schedules/{id}", params(("id" = String, Path)), request_body = super::ScheduleChange, security(("key" = ["bookings:manage"])), responses((status = 200, body = booking::schedules::Schedule)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ScheduleId>,
    JsonBody(input): JsonBody<super::ScheduleChange>,
) -> Result<JsonBody<booking::schedules::Schedule>> {
    let ctx = caller.require("bookings:manage")?;
    Ok(JsonBody(booking::schedules::update(&ctx, id, input.version, &input.name, &input.hours).await?))
}
