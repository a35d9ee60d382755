//! `PUT /v1/articles/{id}`

use super::{ArticleDraft, ArticleId, ChatArticle, slice};
use crate::v1::prelude::*;

/// Change one article: what is written stands.
#[utoipa::path(put, path = "/v1/articles/{id}", params(("id" = String, Path)), request_body = ArticleDraft,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = ChatArticle)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ArticleId>,
    JsonBody(input): JsonBody<ArticleDraft>,
) -> Result<JsonBody<ChatArticle>> {
    let ctx = caller.require("conversations:manage")?;
    let changed = slice::put(&ctx, Some(id), &input.read()).await?;
    Ok(JsonBody(ChatArticle::of(changed)))
}
