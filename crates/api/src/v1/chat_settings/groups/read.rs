//! `GET /v1/groups/{id}`

use super::{ChatGroup, GroupId, slice};
use crate::v1::prelude::*;

/// One group.
#[utoipa::path(get, path = "/v1/groups/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:read"])), responses((status = 200, body = ChatGroup)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<GroupId>) -> Result<JsonBody<ChatGroup>> {
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(ChatGroup::of(slice::get(&ctx, id).await?)))
}
