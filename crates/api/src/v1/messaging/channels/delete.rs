//! `DELETE /v1/channels/{id}`

use kernel::ChannelId;

use crate::v1::prelude::*;

/// Disconnect an account of a chat app. Conversations over it stay; nothing leaves or comes in over it any more.
#[utoipa::path(delete, path = "/v1/channels/{id}", params(("id" = String, Path)), security(("key" = ["routes:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ChannelId>) -> Result<StatusCode> {
    let ctx = caller.require("routes:write")?;
    telecom::chat_apps::channels::remove(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
