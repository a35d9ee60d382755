//! `GET /v1/bots`

use super::{ChatBot, slice};
use crate::v1::prelude::*;

/// Every bot.
#[utoipa::path(get, path = "/v1/bots", security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<ChatBot>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<ChatBot>>> {
    let ctx = caller.require("conversations:read")?;
    let all = slice::list(&ctx).await?;
    Ok(JsonBody(all.into_iter().map(ChatBot::of).collect::<Vec<_>>().into()))
}
