//! `DELETE /v1/articles/{id}`

use super::{ArticleId, slice};
use crate::v1::prelude::*;

/// Delete one article.
#[utoipa::path(delete, path = "/v1/articles/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:manage"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ArticleId>) -> Result<StatusCode> {
    let ctx = caller.require("conversations:manage")?;
    slice::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
