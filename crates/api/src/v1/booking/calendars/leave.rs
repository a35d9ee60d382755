//! `DELETE /v1/booking/calendars/accounts/{id}`

use kernel::CalendarAccountId;

use super::theirs;
use crate::v1::prelude::*;

/// Disconnect an account: copies of coming bookings are taken out of its calendars as far as they answer.
#[utoipa::path(delete, path = "/v1/booking/calendars/accounts/{id}", params(("id" = String, Path)), security(("key" = ["bookings:write"])),
    responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CalendarAccountId>,
) -> Result<StatusCode> {
    let ctx = caller.require("bookings:write")?;
    theirs(&ctx, &caller, app.calendars.account(&ctx, id).await?.host, "calendar account").await?;
    app.calendars.leave(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
