//! `DELETE /v1/tags/{id}`

use kernel::TagId;
use people::tags;

use super::known;
use crate::v1::prelude::*;

/// Delete a tag and take it from everybody.
#[utoipa::path(delete, path = "/v1/tags/{id}", params(("id" = String, Path)), security(("key" = ["tags:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<TagId>) -> Result<StatusCode> {
    let ctx = caller.require("tags:write")?;
    known(&ctx, id).await?;
    tags::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
