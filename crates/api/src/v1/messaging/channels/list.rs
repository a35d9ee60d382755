//! `GET /v1/channels`

use super::shapes::{ChatChannel, apps, shown};
use crate::v1::prelude::*;

/// Every connected account of a chat app, the oldest first.
#[utoipa::path(get, path = "/v1/channels", security(("key" = ["routes:read"])),
    responses((status = 200, body = Listed<ChatChannel>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<ChatChannel>>> {
    let ctx = caller.require("routes:read")?;
    let apps = apps(&app)?;
    let mut items = Vec::new();
    for channel in telecom::chat_apps::channels::list(&ctx).await? {
        items.push(shown(&ctx, apps, channel, false).await?);
    }
    Ok(JsonBody(items.into()))
}
