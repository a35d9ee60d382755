//! `POST /v1/booking/calendars/oauth/finish`

use super::shapes::CalendarAccount;
use crate::v1::prelude::*;

/// What the vendor gave the browser.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarConsentGiven {
    code: String,
    state: String,
}

/// Finish connecting a vendor's account; only for the member who began.
#[utoipa::path(post, path = "/v1/booking/calendars/oauth/finish", request_body = CalendarConsentGiven,
    security(("key" = ["bookings:write"])), responses((status = 200, body = CalendarAccount)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<CalendarConsentGiven>,
) -> Result<JsonBody<CalendarAccount>> {
    let ctx = caller.require("bookings:write")?;
    Ok(JsonBody(app.calendars.finish(&ctx, &input.code, &input.state).await?.into()))
}
