//! `PATCH /v1/channels/{id}`

use kernel::ChannelId;
use telecom::chat_apps::channels::{self, Change};

use super::shapes::{ChannelAccount, ChatChannel, apps, shown};
use crate::v1::prelude::*;

/// Changes to a channel; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatChannelChange {
    /// Another name.
    #[serde(default)]
    name: Option<String>,
    /// `active` or `paused`: while it is paused nothing leaves, and what leaves later waits a day at most.
    #[serde(default)]
    state: Option<String>,
    /// Other settings, as a whole.
    #[serde(default)]
    settings: Option<ChannelAccount>,
    /// Another token.
    #[serde(default)]
    token: Option<String>,
    /// Another secret.
    #[serde(default)]
    secret: Option<String>,
}

/// Change a connected account.
#[utoipa::path(patch, path = "/v1/channels/{id}", params(("id" = String, Path)), request_body = ChatChannelChange,
    security(("key" = ["routes:write"])), responses((status = 200, body = ChatChannel)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ChannelId>,
    JsonBody(input): JsonBody<ChatChannelChange>,
) -> Result<JsonBody<ChatChannel>> {
    let ctx = caller.require("routes:write")?;
    let apps = apps(&app)?;
    let before = channels::get(&ctx, id).await?;
    let active = match input.state.as_deref() {
        None => None,
        Some("active") => Some(true),
        Some("paused") => Some(false),
        Some(_) => return Err(Problem::field("state", "active or paused").into()),
    };
    let settings = input.settings.map(|settings| settings.settings(before.settings.shown.clone()));
    if let Some(settings) = &settings {
        apps.allow(before.app, settings)?;
    }
    let change = Change { name: input.name, active, settings, token: input.token, secret: input.secret };
    let channel = channels::change(&ctx, id, change).await?;
    Ok(JsonBody(shown(&ctx, apps, channel, true).await?))
}
