//! `GET /v1/bots/{id}`

use super::{BotId, ChatBot, slice};
use crate::v1::prelude::*;

/// One bot.
#[utoipa::path(get, path = "/v1/bots/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:read"])), responses((status = 200, body = ChatBot)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<BotId>) -> Result<JsonBody<ChatBot>> {
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(ChatBot::of(slice::get(&ctx, id).await?)))
}
