//! `POST /v1/channels/{id}/test`

use kernel::ChannelId;

use super::shapes::{ChatChannel, apps, shown};
use crate::v1::prelude::*;

/// Ask the app whether the account answers; for Telegram, tell the bot where to post. `problem` says what was wrong.
#[utoipa::path(post, path = "/v1/channels/{id}/test", params(("id" = String, Path)),
    security(("key" = ["routes:write"])), responses((status = 200, body = ChatChannel)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ChannelId>,
) -> Result<JsonBody<ChatChannel>> {
    let ctx = caller.require("routes:write")?;
    let apps = apps(&app)?;
    let channel = apps.test(&ctx, id).await?;
    Ok(JsonBody(shown(&ctx, apps, channel, true).await?))
}
