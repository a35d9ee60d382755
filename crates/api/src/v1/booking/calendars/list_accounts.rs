//! `GET /v1/booking/calendars/accounts`

use super::shapes::{CalendarAccount, HostQuery};
use super::theirs;
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
    let mut out = Vec::new();
    for account in app.calendars.accounts(&ctx, of.host).await? {
        if theirs(&ctx, &caller, account.host, "calendar account").await.is_ok() {
            out.push(CalendarAccount::from(account));
        }
    }
    Ok(JsonBody(out.into()))
}
