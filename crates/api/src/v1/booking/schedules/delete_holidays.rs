//! `DELETE /v1/booking/holidays/{code}`

use crate::v1::prelude::*;

/// Delete a list of holidays.
#[utoipa::path(delete, path = "/v1/booking/holidays/{code}", params(("code" = String, Path)), security(("key" = ["bookings:manage"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(code): Path<String>) -> Result<StatusCode> {
    let ctx = caller.require("bookings:manage")?;
    booking::schedules::delete_holidays(&ctx, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}
