//! `PUT /v1/bots/{id}`

use super::{BotDraft, BotId, ChatBot, slice};
use crate::v1::prelude::*;

/// Change one bot: what is written stands.
#[utoipa::path(put, path = "/v1/bots/{id}", params(("id" = String, Path)), request_body = BotDraft,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = ChatBot)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<BotId>,
    JsonBody(input): JsonBody<BotDraft>,
) -> Result<JsonBody<ChatBot>> {
    let ctx = caller.require("conversations:manage")?;
    let changed = slice::put(&ctx, Some(id), &input.0).await?;
    Ok(JsonBody(ChatBot::of(changed)))
}
