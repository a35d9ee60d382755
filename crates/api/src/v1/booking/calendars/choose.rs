//! `PUT /v1/booking/calendars/choices`

use booking::calendars;
use kernel::{CalendarId, EventTypeId, HostId};

use super::for_host;
use super::shapes::HostCalendarChoice;
use crate::v1::prelude::*;

/// Which calendars count for whom and what.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarsChosen {
    #[schema(value_type = String)]
    event_type: EventTypeId,
    #[schema(value_type = String)]
    host: HostId,
    /// Ids of the host's calendars; null goes back to what the calendars themselves say.
    #[schema(value_type = Option<Vec<String>>)]
    calendars: Option<Vec<CalendarId>>,
}

/// Choose the calendars that count for a host and an event type.
#[utoipa::path(put, path = "/v1/booking/calendars/choices", request_body = CalendarsChosen,
    security(("key" = ["bookings:write"])), responses((status = 200, body = HostCalendarChoice)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<CalendarsChosen>,
) -> Result<JsonBody<HostCalendarChoice>> {
    let ctx = caller.require("bookings:write")?;
    for_host(&ctx, &caller, input.host).await?;
    Ok(JsonBody(calendars::choose(&ctx, input.event_type, input.host, input.calendars).await?.into()))
}
