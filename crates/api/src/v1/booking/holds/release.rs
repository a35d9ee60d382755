//! `DELETE /v1/booking/holds/{id}`

use kernel::HoldId;

use crate::v1::prelude::*;

/// Give a held slot up.
#[utoipa::path(delete, path = "/v1/booking/holds/{id}", params(("id" = String, Path)), security(("key" = ["bookings:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<HoldId>) -> Result<StatusCode> {
    let ctx = caller.require("bookings:write")?;
    if !booking::reservations::release(&ctx, id).await? {
        return Err(booking::Error::NotFound("hold").into());
    }
    Ok(StatusCode::NO_CONTENT)
}
