//! `POST /v1/booking/calendars/feeds`

use booking::calendars;
use kernel::HostId;

use super::for_host;
use super::shapes::{CalendarFeed, FeedDetail};
use crate::v1::prelude::*;

/// A feed to be published.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewCalendarFeed {
    /// Whose time it tells.
    #[schema(value_type = String)]
    host: HostId,
    detail: FeedDetail,
}

/// Publish a host's time as a calendar to subscribe to.
#[utoipa::path(post, path = "/v1/booking/calendars/feeds", request_body = NewCalendarFeed,
    security(("key" = ["bookings:write"])), responses((status = 201, body = CalendarFeed)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewCalendarFeed>,
) -> Result<(StatusCode, JsonBody<CalendarFeed>)> {
    let ctx = caller.require("bookings:write")?;
    for_host(&ctx, &caller, input.host).await?;
    let feed = calendars::publish(&ctx, input.host, input.detail.into()).await?;
    Ok((StatusCode::CREATED, JsonBody(CalendarFeed::at(app.toolbox.public_url(), feed))))
}
