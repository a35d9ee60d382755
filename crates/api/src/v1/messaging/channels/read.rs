//! `GET /v1/channels/{id}`

use kernel::ChannelId;

use super::shapes::{ChatChannel, apps, shown};
use crate::v1::prelude::*;

/// One connected account, with what its app's server is to say.
#[utoipa::path(get, path = "/v1/channels/{id}", params(("id" = String, Path)), security(("key" = ["routes:write"])),
    responses((status = 200, body = ChatChannel)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ChannelId>,
) -> Result<JsonBody<ChatChannel>> {
    let ctx = caller.require("routes:write")?;
    let channel = telecom::chat_apps::channels::get(&ctx, id).await?;
    Ok(JsonBody(shown(&ctx, apps(&app)?, channel, true).await?))
}
