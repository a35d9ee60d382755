//! `DELETE /v1/privacy/processors/{id}`

use kernel::ProcessorId;
use privacy::processors;

use crate::v1::prelude::*;

/// Delete a draft. What was ever enabled stays.
#[utoipa::path(delete, path = "/v1/privacy/processors/{id}", params(("id" = String, Path)), security(("key" = ["privacy:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ProcessorId>) -> Result<StatusCode> {
    let ctx = caller.require("privacy:write")?;
    processors::remove(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
