//! `DELETE /v1/canned-replies/{id}`

use super::{CannedId, slice};
use crate::v1::prelude::*;

/// Delete one prepared answer.
#[utoipa::path(delete, path = "/v1/canned-replies/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:manage"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CannedId>) -> Result<StatusCode> {
    let ctx = caller.require("conversations:manage")?;
    slice::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
