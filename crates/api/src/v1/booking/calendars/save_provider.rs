//! `PUT /v1/booking/calendars/providers`

use booking::calendars::ProviderChange;

use super::shapes::{CalendarKind, CalendarProvider};
use crate::v1::prelude::*;

/// The organisation's application at a vendor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarApplication {
    /// `google` or `microsoft`.
    kind: CalendarKind,
    client_id: String,
    /// Kept sealed and never shown.
    client_secret: String,
    /// Another address of the vendor's interface, such as a national cloud's.
    #[serde(default)]
    api_url: Option<String>,
    /// Another address of its consent page.
    #[serde(default)]
    auth_url: Option<String>,
    /// Another address where codes become tokens.
    #[serde(default)]
    token_url: Option<String>,
}

/// Keep the organisation's application at a vendor.
#[utoipa::path(put, path = "/v1/booking/calendars/providers", request_body = CalendarApplication, security(("key" = ["bookings:manage"])),
    responses((status = 200, body = CalendarProvider)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<CalendarApplication>,
) -> Result<JsonBody<CalendarProvider>> {
    let ctx = caller.require("bookings:manage")?;
    let change = ProviderChange {
        client_id: input.client_id,
        client_secret: input.client_secret,
        api_url: input.api_url,
        auth_url: input.auth_url,
        token_url: input.token_url,
    };
    Ok(JsonBody(app.calendars.save_provider(&ctx, input.kind.into(), change).await?.into()))
}
