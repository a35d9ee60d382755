//! `POST /v1/bots`

use super::{BotDraft, ChatBot, slice};
use crate::v1::prelude::*;

/// Make one bot.
#[utoipa::path(post, path = "/v1/bots", request_body = BotDraft, security(("key" = ["conversations:manage"])),
    responses((status = 201, body = ChatBot)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<BotDraft>,
) -> Result<(StatusCode, JsonBody<ChatBot>)> {
    let ctx = caller.require("conversations:manage")?;
    let made = slice::put(&ctx, None, &input.0).await?;
    Ok((StatusCode::CREATED, JsonBody(ChatBot::of(made))))
}
