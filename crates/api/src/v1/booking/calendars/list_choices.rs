//! `GET /v1/booking/calendars/choices`

use booking::calendars;

use super::shapes::{CalendarChoice, TypeQuery};
use crate::v1::prelude::*;

/// The hosts of an event type that chose calendars of their own for it.
#[utoipa::path(get, path = "/v1/booking/calendars/choices", params(TypeQuery), security(("key" = ["bookings:read"])),
    responses((status = 200, body = Listed<CalendarChoice>)))]
pub(super) async fn handle(caller: Caller, Query(of): Query<TypeQuery>) -> Result<JsonBody<Listed<CalendarChoice>>> {
    let ctx = caller.require("bookings:read")?;
    let choices = calendars::choices(&ctx, of.event_type).await?;
    Ok(JsonBody(choices.into_iter().map(CalendarChoice::from).collect::<Vec<_>>().into()))
}
