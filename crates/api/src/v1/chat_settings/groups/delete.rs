//! `DELETE /v1/groups/{id}`

use super::{GroupId, slice};
use crate::v1::prelude::*;

/// Delete one group.
#[utoipa::path(delete, path = "/v1/groups/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:manage"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<GroupId>) -> Result<StatusCode> {
    let ctx = caller.require("conversations:manage")?;
    slice::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
