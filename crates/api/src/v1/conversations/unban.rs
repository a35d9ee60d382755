//! `POST /v1/conversations/{id}/unban`

use conversations::conversations as rows;
use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// Let the visitor chat again.
#[utoipa::path(post, path = "/v1/conversations/{id}/unban", params(("id" = String, Path)),
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    let visitor = rows::get(&ctx, id).await?.visitor.ok_or_else(|| Failure::not_found("visitor"))?;
    conversations::visitors::ban(&ctx, hub, visitor, None).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
