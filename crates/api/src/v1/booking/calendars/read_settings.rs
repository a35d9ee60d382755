//! `GET /v1/booking/calendars/settings`

use booking::calendars;

use super::shapes::CalendarSettings;
use crate::v1::prelude::*;

/// What happens when a calendar does not answer.
#[utoipa::path(get, path = "/v1/booking/calendars/settings", security(("key" = ["bookings:read"])),
    responses((status = 200, body = CalendarSettings)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<CalendarSettings>> {
    let ctx = caller.require("bookings:read")?;
    Ok(JsonBody(calendars::settings(&ctx).await?.into()))
}
