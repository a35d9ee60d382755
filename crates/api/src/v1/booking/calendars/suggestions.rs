//! `GET /v1/booking/calendars/suggestions`

use booking::calendars;

use super::shapes::CalendarSuggestion;
use crate::v1::prelude::*;

/// What hosts did to bookings in their calendars. Nothing is cancelled or moved by it.
#[utoipa::path(get, path = "/v1/booking/calendars/suggestions", security(("key" = ["bookings:read"])),
    responses((status = 200, body = Listed<CalendarSuggestion>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<CalendarSuggestion>>> {
    let ctx = caller.require("bookings:read")?;
    let open = calendars::suggestions(&ctx).await?;
    Ok(JsonBody(open.into_iter().map(CalendarSuggestion::from).collect::<Vec<_>>().into()))
}
