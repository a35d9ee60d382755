//! `PUT /v1/groups/{id}`

use super::{ChatGroup, GroupDraft, GroupId, slice};
use crate::v1::prelude::*;

/// Change one group: what is written stands.
#[utoipa::path(put, path = "/v1/groups/{id}", params(("id" = String, Path)), request_body = GroupDraft,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = ChatGroup)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<GroupId>,
    JsonBody(input): JsonBody<GroupDraft>,
) -> Result<JsonBody<ChatGroup>> {
    let ctx = caller.require("conversations:manage")?;
    let changed = slice::update(&ctx, id, input.read()?).await?;
    Ok(JsonBody(ChatGroup::of(changed)))
}
