//! `POST /v1/channels`

use telecom::chat_apps::App as ChatApp;
use telecom::chat_apps::channels::{self, NewChannel};

use super::shapes::{ChannelAccount, ChatChannel, apps, shown};
use crate::v1::prelude::*;

/// An account of a chat app to connect.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChatChannel {
    /// `whatsapp`, `messenger` or `telegram`.
    #[schema(value_type = String)]
    app: ChatApp,
    /// What members call it.
    name: String,
    /// What is open about it.
    #[serde(default)]
    settings: ChannelAccount,
    /// The token with which requests are made: of a system user, a page, or a bot.
    token: String,
    /// The app's secret, which signs what its server posts; nothing for Telegram.
    #[serde(default)]
    secret: String,
}

/// Connect an account of a chat app. The answer says where its server is to post, and what it is to say.
#[utoipa::path(post, path = "/v1/channels", request_body = NewChatChannel, security(("key" = ["routes:write"])),
    responses((status = 201, body = ChatChannel)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewChatChannel>,
) -> Result<(StatusCode, JsonBody<ChatChannel>)> {
    let ctx = caller.require("routes:write")?;
    let apps = apps(&app)?;
    let settings = input.settings.settings(None);
    apps.allow(input.app, &settings)?;
    let new = NewChannel { app: input.app, name: input.name, settings, token: input.token, secret: input.secret };
    let channel = channels::add(&ctx, new).await?;
    Ok((StatusCode::CREATED, JsonBody(shown(&ctx, apps, channel, true).await?)))
}
