//! `GET /v1/groups`

use super::{ChatGroup, slice};
use crate::v1::prelude::*;

/// Every group.
#[utoipa::path(get, path = "/v1/groups", security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<ChatGroup>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<ChatGroup>>> {
    let ctx = caller.require("conversations:read")?;
    let all = slice::list(&ctx).await?;
    Ok(JsonBody(all.into_iter().map(ChatGroup::of).collect::<Vec<_>>().into()))
}
