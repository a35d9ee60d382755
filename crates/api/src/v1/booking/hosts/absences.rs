//! `GET /v1/booking/hosts/{id}/absences`

use kernel::HostId;

use crate::v1::prelude::*;

/// When a host is away, as far as it is not over.
#[utoipa::path(get, path = "/v1/booking/hosts/{id}/absences", params(("id" = String, Path)), security(("key" = ["bookings:read"])), responses((status = 200, body = Listed<booking::hosts::Absence>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<HostId>,
) -> Result<JsonBody<Listed<booking::hosts::Absence>>> {
    let ctx = caller.require("bookings:read")?;
    booking::hosts::get(&ctx, id).await?;
    Ok(JsonBody(booking::hosts::absences(&ctx, id, ctx.now()).await?.into()))
}
