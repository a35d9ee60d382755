//! `GET /v1/booking/calendars/feeds`

use booking::calendars;

use super::shapes::{CalendarFeed, HostQuery};
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
    let feeds = calendars::published(&ctx, of.host).await?;
    let shown = |feed| CalendarFeed::at(app.toolbox.public_url(), feed);
    Ok(JsonBody(feeds.into_iter().map(shown).collect::<Vec<_>>().into()))
}
