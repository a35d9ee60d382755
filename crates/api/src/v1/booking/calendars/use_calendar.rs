//! `PATCH /v1/booking/calendars/{id}`

use booking::calendars::{self, CalendarChange};
use kernel::CalendarId;

use super::shapes::HostCalendar;
use super::theirs;
use crate::v1::prelude::*;

/// What a calendar is used for; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarUse {
    /// Whether its events block.
    #[serde(default)]
    conflicts: Option<bool>,
    /// Whether the host's bookings are written into it; the host's other calendars then get none.
    #[serde(default)]
    target: Option<bool>,
}

/// Say what a calendar is used for.
#[utoipa::path(patch, path = "/v1/booking/calendars/{id}", params(("id" = String, Path)), request_body = CalendarUse,
    security(("key" = ["bookings:write"])), responses((status = 200, body = HostCalendar)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CalendarId>,
    JsonBody(input): JsonBody<CalendarUse>,
) -> Result<JsonBody<HostCalendar>> {
    let ctx = caller.require("bookings:write")?;
    theirs(&ctx, &caller, calendars::host_of(&ctx, id).await?, "calendar").await?;
    let change = CalendarChange { conflicts: input.conflicts, target: input.target };
    Ok(JsonBody(app.calendars.use_calendar(&ctx, id, change).await?.into()))
}
