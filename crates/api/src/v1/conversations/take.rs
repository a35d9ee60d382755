//! `POST /v1/conversations/{id}/take`

use conversations::conversations as rows;
use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// Take a conversation yourself.
#[utoipa::path(post, path = "/v1/conversations/{id}/take", params(("id" = String, Path)),
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    rows::get(&ctx, id).await?;
    let user = me(&caller).ok_or_else(|| Failure::new(Code::Forbidden, "keys take no conversations; assign it"))?;
    rows::assign(&ctx, hub, id, Some(user)).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
