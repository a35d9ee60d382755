//! `PUT /v1/booking/calendars/settings`

use booking::calendars;

use super::shapes::CalendarSettings;
use crate::v1::prelude::*;

/// Say what happens when a calendar does not answer.
#[utoipa::path(put, path = "/v1/booking/calendars/settings", request_body = CalendarSettings, security(("key" = ["bookings:manage"])),
    responses((status = 200, body = CalendarSettings)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<CalendarSettings>,
) -> Result<JsonBody<CalendarSettings>> {
    let ctx = caller.require("bookings:manage")?;
    Ok(JsonBody(calendars::save_settings(&ctx, input.into()).await?.into()))
}
