//! `POST /v1/articles`

use super::{ArticleDraft, ChatArticle, slice};
use crate::v1::prelude::*;

/// Make one article.
#[utoipa::path(post, path = "/v1/articles", request_body = ArticleDraft, security(("key" = ["conversations:manage"])),
    responses((status = 201, body = ChatArticle)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<ArticleDraft>,
) -> Result<(StatusCode, JsonBody<ChatArticle>)> {
    let ctx = caller.require("conversations:manage")?;
    let made = slice::put(&ctx, None, &input.read()).await?;
    Ok((StatusCode::CREATED, JsonBody(ChatArticle::of(made))))
}
