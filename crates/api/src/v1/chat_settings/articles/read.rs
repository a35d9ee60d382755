//! `GET /v1/articles/{id}`

use super::{ArticleId, ChatArticle, slice};
use crate::v1::prelude::*;

/// One article.
#[utoipa::path(get, path = "/v1/articles/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:read"])), responses((status = 200, body = ChatArticle)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ArticleId>) -> Result<JsonBody<ChatArticle>> {
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(ChatArticle::of(slice::get(&ctx, id).await?)))
}
