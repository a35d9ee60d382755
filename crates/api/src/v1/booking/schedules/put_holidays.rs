//! `PUT /v1/booking/holidays/{code}`

use crate::v1::prelude::*;

/// Dates on which nobody works.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HolidayDates {
    /// What members call the list.
    name: String,
    /// The dates.
    #[schema(value_type = Vec<String>)]
    dates: Vec<kernel::Date>,
}

/// Write a list of holidays, in place of the one of this code.
#[utoipa::path(put, path = "/v1/booking/holidays/{code}", params(("code" = String, Path)), request_body = HolidayDates, security(("key" = ["bookings:manage"])), responses((status = 204)))]
pub(super) async fn handle(
    caller: Caller,
    Path(code): Path<String>,
    JsonBody(input): JsonBody<HolidayDates>,
) -> Result<StatusCode> {
    let ctx = caller.require("bookings:manage")?;
    booking::schedules::put_holidays(&ctx, &code, &input.name, input.dates).await?;
    Ok(StatusCode::NO_CONTENT)
}
