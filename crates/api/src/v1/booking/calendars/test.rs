//! `POST /v1/booking/calendars/accounts/test`

use super::connect::NewCalendarAccount;
use crate::v1::prelude::*;

/// A calendar that a test found.
#[derive(Serialize, ToSchema)]
pub(super) struct FoundCalendar {
    name: String,
    /// Whether events can be written.
    writable: bool,
}

/// What a test found.
#[derive(Serialize, ToSchema)]
pub(super) struct CalendarTest {
    ok: bool,
    /// Why not, as a code.
    error: Option<String>,
    calendars: Vec<FoundCalendar>,
}

/// Try an account without keeping anything.
#[utoipa::path(post, path = "/v1/booking/calendars/accounts/test", request_body = NewCalendarAccount,
    security(("key" = ["bookings:write"])), responses((status = 200, body = CalendarTest)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewCalendarAccount>,
) -> Result<JsonBody<CalendarTest>> {
    caller.require("bookings:write")?;
    let tested = app.calendars.test(&input.connect()).await?;
    let calendars = tested.calendars.into_iter().map(|(name, writable)| FoundCalendar { name, writable }).collect();
    Ok(JsonBody(CalendarTest { ok: tested.ok, error: tested.error, calendars }))
}
