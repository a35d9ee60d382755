//! `GET /v1/booking/calendars/accounts/{id}`

use kernel::CalendarAccountId;

use super::shapes::CalendarAccount;
use super::theirs;
use crate::v1::prelude::*;

/// An account with its calendars.
#[utoipa::path(get, path = "/v1/booking/calendars/accounts/{id}", params(("id" = String, Path)), security(("key" = ["bookings:read"])),
    responses((status = 200, body = CalendarAccount)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CalendarAccountId>,
) -> Result<JsonBody<CalendarAccount>> {
    let ctx = caller.require("bookings:read")?;
    let account = app.calendars.account(&ctx, id).await?;
    theirs(&ctx, &caller, account.host, "calendar account").await?;
    Ok(JsonBody(account.into()))
}
