//! What channels look like from outside.

use kernel::ChannelId;
use telecom::chat_apps::channels::{self, Channel, Settings};
use telecom::chat_apps::{App as ChatApp, Apps};

use crate::v1::prelude::*;

/// What is open about an account of a chat app.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ChannelAccount {
    /// The app's id of it: the phone number id of WhatsApp, the page's id; nothing for Telegram.
    account: String,
    /// The WhatsApp business account, whose templates are listed.
    business: Option<String>,
    /// Where the app's interface is, when not at its usual place.
    api_base: Option<String>,
    /// Messenger has granted you the human agent permission: members may answer for seven days.
    human_agent: bool,
}

impl ChannelAccount {
    pub(super) fn settings(self, shown: Option<String>) -> Settings {
        let named = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        Settings {
            account: self.account.trim().to_owned(),
            business: named(self.business),
            api_base: named(self.api_base),
            human_agent: self.human_agent,
            shown,
        }
    }
}

/// A connected account of a chat app. Its token and secret are taken and never shown.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatChannel {
    /// Its id.
    #[schema(value_type = String)]
    id: ChannelId,
    /// `whatsapp`, `messenger` or `telegram`.
    #[schema(value_type = String)]
    app: ChatApp,
    /// What members call it.
    name: String,
    /// `active` or `paused`.
    state: String,
    /// The app's id of it.
    account: String,
    /// The WhatsApp business account.
    business: Option<String>,
    /// Where the app's interface is, when not at its usual place.
    api_base: Option<String>,
    /// Members may answer for seven days on Messenger.
    human_agent: bool,
    /// Its public number or name, as the app told it.
    shown: Option<String>,
    /// Where the app's server posts what people write. Telegram learns it by the test.
    webhook_url: String,
    /// What the app's server is to say when it asks whether the address is yours; null for Telegram, and in lists.
    verify_token: Option<String>,
    /// What was wrong when it was used last: `token`, `unreachable`, `blocked`, `host_not_allowed`, …; null when all
    /// was well.
    problem: Option<String>,
    /// When it was tested last.
    #[schema(value_type = Option<String>, format = DateTime)]
    checked_at: Option<Timestamp>,
    /// When it was connected.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// A channel as it is shown; the token that its app's server says only to who may change it.
pub(super) async fn shown(ctx: &store::Ctx, apps: &Apps, channel: Channel, secrets: bool) -> Result<ChatChannel> {
    let tells = secrets && channel.app != ChatApp::Telegram;
    let verify_token = if tells { Some(channels::access_of(ctx, channel.id).await?.verify) } else { None };
    Ok(ChatChannel {
        webhook_url: apps.webhook(&channel),
        verify_token,
        id: channel.id,
        app: channel.app,
        name: channel.name,
        state: if channel.active { "active" } else { "paused" }.to_owned(),
        account: channel.settings.account,
        business: channel.settings.business,
        api_base: channel.settings.api_base,
        human_agent: channel.settings.human_agent,
        shown: channel.settings.shown,
        problem: channel.problem,
        checked_at: channel.checked_at,
        created_at: channel.created_at,
        updated_at: channel.updated_at,
    })
}

/// The way to the apps.
pub(super) fn apps(app: &App) -> Result<&Apps> {
    app.shell.chat().apps().ok_or_else(|| Failure::new(Code::Unavailable, "this server reaches no chat apps"))
}
