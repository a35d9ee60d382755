//! `POST /v1/booking/calendars/accounts`

use booking::calendars::Connect;
use kernel::HostId;

use super::for_host;
use super::shapes::{CalendarAccount, CalendarKind};
use crate::v1::prelude::*;

/// An account to be connected.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCalendarAccount {
    /// Whose calendars these are.
    #[schema(value_type = String)]
    host: HostId,
    /// `caldav` or `feed`; Google and Microsoft are connected in the browser.
    kind: CalendarKind,
    /// The address of the server, the account, one calendar, or the feed.
    url: String,
    /// The name to sign in with.
    #[serde(default)]
    username: Option<String>,
    /// The password, best one for this program only.
    #[serde(default)]
    password: Option<String>,
    /// What its owner calls it.
    #[serde(default)]
    label: Option<String>,
    /// The host's own addresses, beside those that the server tells.
    #[serde(default)]
    addresses: Vec<String>,
    /// The zone in which whole days are read, when not the host's.
    #[serde(default)]
    time_zone: Option<String>,
}

impl NewCalendarAccount {
    pub(super) fn connect(self) -> Connect {
        Connect {
            host: self.host,
            kind: self.kind.into(),
            url: self.url,
            username: self.username,
            password: self.password,
            label: self.label,
            addresses: self.addresses,
            time_zone: self.time_zone,
        }
    }
}

/// Connect an account: its calendars are found at once and read from now on.
#[utoipa::path(post, path = "/v1/booking/calendars/accounts", request_body = NewCalendarAccount,
    security(("key" = ["bookings:write"])), responses((status = 201, body = CalendarAccount)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewCalendarAccount>,
) -> Result<(StatusCode, JsonBody<CalendarAccount>)> {
    let ctx = caller.require("bookings:write")?;
    for_host(&ctx, &caller, input.host).await?;
    let account = app.calendars.connect(&ctx, input.connect()).await?;
    Ok((StatusCode::CREATED, JsonBody(account.into())))
}
