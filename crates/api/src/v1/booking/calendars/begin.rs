//! `POST /v1/booking/calendars/oauth`

use kernel::HostId;

use super::for_host;
use super::shapes::CalendarKind;
use crate::v1::prelude::*;

/// A vendor's account to be connected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarConsent {
    /// Whose calendars these are.
    #[schema(value_type = String)]
    host: HostId,
    /// `google` or `microsoft`.
    kind: CalendarKind,
    /// What its owner calls it.
    #[serde(default)]
    label: Option<String>,
    /// The zone in which whole days are read, when not the host's.
    #[serde(default)]
    time_zone: Option<String>,
}

/// Where the browser goes.
#[derive(Serialize, ToSchema)]
pub(super) struct CalendarConsentPage {
    /// The account, which waits.
    account: String,
    /// The vendor's page. It sends the browser back to the `redirect_uri` with `code` and `state`.
    url: String,
}

/// Begin to connect a vendor's account.
#[utoipa::path(post, path = "/v1/booking/calendars/oauth", request_body = CalendarConsent,
    security(("key" = ["bookings:write"])), responses((status = 200, body = CalendarConsentPage)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<CalendarConsent>,
) -> Result<JsonBody<CalendarConsentPage>> {
    let ctx = caller.require("bookings:write")?;
    for_host(&ctx, &caller, input.host).await?;
    let of = (input.host, input.kind.into());
    let (account, url) = app.calendars.begin(&ctx, of, input.label, input.time_zone).await?;
    Ok(JsonBody(CalendarConsentPage { account: account.to_string(), url }))
}
