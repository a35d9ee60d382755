//! `DELETE /v1/booking/absences/{id}`

use kernel::EventId;

use crate::v1::prelude::*;

/// Take an absence back.
#[utoipa::path(delete, path = "/v1/booking/absences/{id}", params(("id" = String, Path)), security(("key" = ["bookings:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<EventId>) -> Result<StatusCode> {
    let ctx = caller.require("bookings:write")?;
    booking::hosts::return_to_office(&ctx, &id.to_string()).await?;
    Ok(StatusCode::NO_CONTENT)
}
