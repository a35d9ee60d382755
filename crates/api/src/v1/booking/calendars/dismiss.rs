//! `DELETE /v1/booking/calendars/suggestions/{booking}`

use booking::calendars;
use kernel::BookingId;

use crate::v1::prelude::*;

/// Keep a booking as it is: its copy is written again.
#[utoipa::path(delete, path = "/v1/booking/calendars/suggestions/{booking}", params(("booking" = String, Path)), security(("key" = ["bookings:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(booking): Path<BookingId>) -> Result<StatusCode> {
    let ctx = caller.require("bookings:write")?;
    calendars::dismiss(&ctx, booking).await?;
    Ok(StatusCode::NO_CONTENT)
}
