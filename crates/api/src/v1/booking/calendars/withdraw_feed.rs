//! `DELETE /v1/booking/calendars/feeds/{id}`

use booking::calendars;
use kernel::CalendarFeedId;

use super::theirs;
use crate::v1::prelude::*;

/// Withdraw a feed: its address stops working at once.
#[utoipa::path(delete, path = "/v1/booking/calendars/feeds/{id}", params(("id" = String, Path)), security(("key" = ["bookings:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CalendarFeedId>) -> Result<StatusCode> {
    let ctx = caller.require("bookings:write")?;
    let known = calendars::published(&ctx, None).await?.into_iter().find(|feed| feed.id == id);
    let host =
        known.map(|feed| feed.host).ok_or_else(|| Problem::new(Code::NotFound, "there is no such calendar feed"))?;
    theirs(&ctx, &caller, host, "calendar feed").await?;
    calendars::withdraw(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
