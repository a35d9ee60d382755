//! `GET /v1/booking/calendars/feeds`

use booking::calendars;

use super::shapes::{CalendarFeed, HostQuery};
use super::theirs;
use crate::v1::prelude::*;

/// The published feeds, oldest first.
#[utoipa::path(get, path = "/v1/booking/calendars/feeds", params(HostQuery), security(("key" = ["bookings:write"])),
    responses((status = 200, body = Listed<CalendarFeed>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(of): Query<HostQuery>,
) -> Result<JsonBody<Listed<CalendarFeed>>> {
    let ctx = caller.require("bookings:write")?;
    let mut out = Vec::new();
    for feed in calendars::published(&ctx, of.host).await? {
        if theirs(&ctx, &caller, feed.host, "calendar feed").await.is_ok() {
            out.push(CalendarFeed::at(app.toolbox.public_url(), feed));
        }
    }
    Ok(JsonBody(out.into()))
}
