//! `GET /v1/booking/calendars/providers`

use super::shapes::CalendarProvider;
use crate::v1::prelude::*;

/// The vendors of calendars, and whether the organisation's application is registered there.
#[utoipa::path(get, path = "/v1/booking/calendars/providers", security(("key" = ["bookings:read"])),
    responses((status = 200, body = Listed<CalendarProvider>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<CalendarProvider>>> {
    let ctx = caller.require("bookings:read")?;
    let providers = app.calendars.providers(&ctx).await?;
    Ok(JsonBody(providers.into_iter().map(CalendarProvider::from).collect::<Vec<_>>().into()))
}
