//! `GET /v1/booking/calendars/accounts`

use super::shapes::{CalendarAccount, HostQuery};
use crate::v1::prelude::*;

/// The connected accounts with their calendars, oldest first.
#[utoipa::path(get, path = "/v1/booking/calendars/accounts", params(HostQuery), security(("key" = ["bookings:read"])),
    responses((status = 200, body = Listed<CalendarAccount>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(of): Query<HostQuery>,
) -> Result<JsonBody<Listed<CalendarAccount>>> {
    let ctx = caller.require("bookings:read")?;
    let accounts = app.calendars.accounts(&ctx, of.host).await?;
    Ok(JsonBody(accounts.into_iter().map(CalendarAccount::from).collect::<Vec<_>>().into()))
}
