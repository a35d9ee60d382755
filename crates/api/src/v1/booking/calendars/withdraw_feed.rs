//! `DELETE /v1/booking/calendars/feeds/{id}`

use booking::calendars;
use kernel::CalendarFeedId;

use crate::v1::prelude::*;

/// Withdraw a feed: its address stops working at once.
#[utoipa::path(delete, path = "/v1/booking/calendars/feeds/{id}", params(("id" = String, Path)), security(("key" = ["bookings:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CalendarFeedId>) -> Result<StatusCode> {
    let ctx = caller.require("bookings:write")?;
    calendars::withdraw(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
