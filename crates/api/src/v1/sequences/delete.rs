//! `DELETE /v1/sequences/{id}`

use campaigns::sequences;
use kernel::SequenceId;

use crate::v1::prelude::*;

/// Delete a draft.
#[utoipa::path(delete, path = "/v1/sequences/{id}", params(("id" = String, Path)),
    security(("key" = ["campaigns:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SequenceId>) -> Result<StatusCode> {
    let ctx = caller.require("campaigns:write")?;
    sequences::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
