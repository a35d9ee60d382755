//! `GET /v1/booking/calendars/choices`

use booking::calendars;

use super::shapes::{HostCalendarChoice, TypeQuery};
use crate::v1::prelude::*;

/// The hosts of an event type that chose calendars of their own for it.
#[utoipa::path(get, path = "/v1/booking/calendars/choices", params(TypeQuery), security(("key" = ["bookings:read"])),
    responses((status = 200, body = Listed<HostCalendarChoice>)))]
pub(super) async fn handle(
    caller: Caller,
    Query(of): Query<TypeQuery>,
) -> Result<JsonBody<Listed<HostCalendarChoice>>> {
    let ctx = caller.require("bookings:read")?;
    let choices = calendars::choices(&ctx, of.event_type).await?;
    Ok(JsonBody(choices.into_iter().map(HostCalendarChoice::from).collect::<Vec<_>>().into()))
}
