//! `GET /v1/articles`

use super::{ChatArticle, slice};
use crate::v1::prelude::*;

/// Which articles.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ArticleQuery {
    /// Published ones that answer this, the best first.
    q: Option<String>,
}

/// Every article; with `q` those that answer a question.
#[utoipa::path(get, path = "/v1/articles", params(ArticleQuery), security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<ChatArticle>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ArticleQuery>) -> Result<JsonBody<Listed<ChatArticle>>> {
    let ctx = caller.require("conversations:read")?;
    let all = match query.q.as_deref().filter(|q| !q.trim().is_empty()) {
        Some(question) => slice::search(&ctx, question, "en", 20).await?,
        None => slice::list(&ctx).await?,
    };
    Ok(JsonBody(all.into_iter().map(ChatArticle::of).collect::<Vec<_>>().into()))
}
