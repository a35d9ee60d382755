//! `DELETE /v1/numbers/{id}`

use calls::numbers;
use kernel::NumberId;

use crate::v1::prelude::*;

/// Take a number out of the inventory. Its originator, when it has one, stays.
#[utoipa::path(delete, path = "/v1/numbers/{id}", params(("id" = String, Path)),
    security(("key" = ["routes:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<NumberId>) -> Result<StatusCode> {
    let ctx = caller.require("routes:write")?;
    numbers::remove(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
