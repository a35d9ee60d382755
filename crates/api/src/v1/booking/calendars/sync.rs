//! `POST /v1/booking/calendars/accounts/{id}/sync`

use kernel::CalendarAccountId;

use super::theirs;
use crate::v1::prelude::*;

/// Read an account's calendars as soon as possible, and look for new ones.
#[utoipa::path(post, path = "/v1/booking/calendars/accounts/{id}/sync", params(("id" = String, Path)), security(("key" = ["bookings:write"])),
    responses((status = 202)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CalendarAccountId>,
) -> Result<StatusCode> {
    let ctx = caller.require("bookings:write")?;
    theirs(&ctx, &caller, app.calendars.account(&ctx, id).await?.host, "calendar account").await?;
    app.calendars.sync_now(&ctx, id).await?;
    Ok(StatusCode::ACCEPTED)
}
