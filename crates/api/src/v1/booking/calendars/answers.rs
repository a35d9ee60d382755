//! `GET /v1/booking/calendars/answers`

use booking::calendars;

use super::shapes::{BookingQuery, InvitationAnswer};
use crate::v1::prelude::*;

/// What was answered to a booking's invitation by mail.
#[utoipa::path(get, path = "/v1/booking/calendars/answers", params(BookingQuery), security(("key" = ["bookings:read"])),
    responses((status = 200, body = Listed<InvitationAnswer>)))]
pub(super) async fn handle(
    caller: Caller,
    Query(of): Query<BookingQuery>,
) -> Result<JsonBody<Listed<InvitationAnswer>>> {
    let ctx = caller.require("bookings:read")?;
    let answers = calendars::answers(&ctx, of.booking).await?;
    Ok(JsonBody(answers.into_iter().map(InvitationAnswer::from).collect::<Vec<_>>().into()))
}
