//! `POST /v1/groups`

use super::{ChatGroup, GroupDraft, slice};
use crate::v1::prelude::*;

/// Make one group.
#[utoipa::path(post, path = "/v1/groups", request_body = GroupDraft, security(("key" = ["conversations:manage"])),
    responses((status = 201, body = ChatGroup)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<GroupDraft>,
) -> Result<(StatusCode, JsonBody<ChatGroup>)> {
    let ctx = caller.require("conversations:manage")?;
    let made = slice::create(&ctx, input.read()?).await?;
    Ok((StatusCode::CREATED, JsonBody(ChatGroup::of(made))))
}
