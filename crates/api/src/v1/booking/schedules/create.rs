//! `POST /v1/booking/schedules`

use crate::v1::prelude::*;

/// Make a schedule.
#[utoipa::path(post, path = "/v1/booking/schedules", request_body = super::NewSchedule, security(("key" = ["bookings:manage"])), responses((status = 201, body = booking::schedules::Schedule)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<super::NewSchedule>,
) -> Result<(StatusCode, JsonBody<booking::schedules::Schedule>)> {
    let ctx = caller.require("bookings:manage")?;
    Ok((StatusCode::CREATED, JsonBody(booking::schedules::create(&ctx, &input.name, &input.hours).await?)))
}
