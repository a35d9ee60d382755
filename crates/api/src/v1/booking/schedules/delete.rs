//! `DELETE /v1/booking/schedules/{id}`

use kernel::ScheduleId;

use crate::v1::prelude::*;

/// Delete a schedule that nobody works by.
#[utoipa::path(delete, path = "/v1/booking/schedules/{id}", params(("id" = String, Path)), security(("key" = ["bookings:manage"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ScheduleId>) -> Result<StatusCode> {
    let ctx = caller.require("bookings:manage")?;
    booking::schedules::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
