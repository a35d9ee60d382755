//! The accounts of chat apps that a workspace connected.

use kernel::{ChannelId, Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};
use store::{Core, Ctx, FromRow, Row, params};

use super::model::App;
use super::queries as sql;
use crate::{Error, Result};

/// Most accounts of a workspace.
const MOST: usize = 50;
/// Where the access is sealed.
const SEALED: &str = "chat_channel.access";

/// What is open about an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The app's id of the account: a phone number id of WhatsApp, a page's id, a bot's name.
    pub account: String,
    /// The business account of WhatsApp, whose templates are listed.
    pub business: Option<String>,
    /// Where the app's interface is, when not at its usual place: a Bot API server of one's own, say.
    pub api_base: Option<String>,
    /// Messenger: members may answer up to seven days later (the app has granted the human agent permission).
    pub human_agent: bool,
    /// The public name of the account, as the app told it last.
    pub shown: Option<String>,
}

/// What is secret about an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The token with which requests are made.
    pub token: String,
    /// The secret of the app, which signs what its server posts (WhatsApp, Messenger).
    #[serde(default)]
    pub secret: String,
    /// What the server says so that it is known: made here.
    #[serde(default)]
    pub verify: String,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Access([secret])")
    }
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// Of which app.
    pub app: App,
    /// What members call it.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
    /// What is open about it.
    pub settings: Settings,
    /// What was wrong when it was used last: `token`, `unreachable`, `blocked`; none when all was well.
    pub problem: Option<String>,
    /// When it was tested last.
    pub checked_at: Option<Timestamp>,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl FromRow for Channel {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            app: row.take()?,
            name: row.take()?,
            active: row.take::<String>()? == "active",
            settings: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("settings"))?,
            problem: row.take()?,
            checked_at: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

/// An account to connect.
#[derive(Debug, Clone)]
pub struct NewChannel {
    /// Of which app.
    pub app: App,
    /// What members call it.
    pub name: String,
    /// What is open about it.
    pub settings: Settings,
    /// Its token.
    pub token: String,
    /// The secret of the app.
    pub secret: String,
}

/// What shall be different about an account; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Another name.
    pub name: Option<String>,
    /// Stop or go on.
    pub active: Option<bool>,
    /// Other settings.
    pub settings: Option<Settings>,
    /// Another token.
    pub token: Option<String>,
    /// Another secret.
    pub secret: Option<String>,
}

fn plain(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn check(app: App, name: &str, settings: &Settings, access: &Access) -> Result<()> {
    let length = name.chars().count();
    if !(1..=80).contains(&length) || name.chars().any(char::is_control) {
        return Err(Error::field("name", "1 to 80 characters"));
    }
    let digits = |text: &str| (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    match app {
        App::Whatsapp if !digits(&settings.account) => {
            return Err(Error::field("account", "the phone number id of the Cloud API, digits"));
        }
        App::Messenger if !digits(&settings.account) => return Err(Error::field("account", "the page's id, digits")),
        App::Whatsapp | App::Messenger if !plain(&access.secret, 200) => {
            return Err(Error::field("secret", "the app's secret: without it nobody knows who posts"));
        }
        _ => {}
    }
    if settings.business.as_deref().is_some_and(|business| !digits(business)) {
        return Err(Error::field("business", "the id of the WhatsApp business account, digits"));
    }
    if !plain(&access.token, 1000) {
        return Err(Error::field("token", "1 to 1000 characters without spaces"));
    }
    // A token is a part of the path there.
    if app == App::Telegram
        && !access.token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'_' | b'-'))
    {
        return Err(Error::field("token", "a bot's token is made of digits, letters, a colon, - and _"));
    }
    if let Some(base) = &settings.api_base {
        let url = url::Url::parse(base).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if base.len() > 200 || url.is_none_or(|url| url.query().is_some() || url.fragment().is_some()) {
            return Err(Error::field("api_base", "an address such as https://bots.example.org"));
        }
    }
    Ok(())
}

fn sealed(access: &Access, keys: &store::WorkspaceKeys) -> Result<Vec<u8>> {
    Ok(keys.seal(SEALED, &serde_json::to_vec(access).map_err(|_| store::Error::Column("access"))?))
}

fn json(settings: &Settings) -> Result<String> {
    Ok(serde_json::to_string(settings).map_err(|_| store::Error::Column("settings"))?)
}

/// Connects an account.
///
/// # Errors
/// [`Error::Field`] naming what is wrong.
pub async fn add(ctx: &Ctx, new: NewChannel) -> Result<Channel> {
    let mut dice = [0; 24];
    ctx.rng.fill(&mut dice);
    let access = Access { token: new.token, secret: new.secret, verify: data_encoding::HEXLOWER.encode(&dice) };
    check(new.app, &new.name, &new.settings, &access)?;
    let known = list(ctx).await?;
    if known.len() >= MOST {
        return Err(Error::Conflict("a workspace has at most 50 accounts of chat apps"));
    }
    let same = |one: &Channel| one.app == new.app && one.settings.account == new.settings.account;
    if new.app != App::Telegram && known.iter().any(same) {
        return Err(Error::Conflict("this account is connected already"));
    }
    let (id, keys) = (ctx.id::<ChannelId>(), ctx.keys().await?);
    let (settings, sealed) = (json(&new.settings)?, sealed(&access, &keys)?);
    let mut batch = ctx.batch();
    let about = params![ctx.workspace, id, new.app, new.name, "active", settings, sealed, ctx.now()];
    batch.push(sql::INSERT_CHANNEL, about);
    batch.feed(changed(id, "created"));
    accounts::audit::record(&mut batch, ctx, "channel.created", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes an account.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`].
pub async fn change(ctx: &Ctx, id: ChannelId, change: Change) -> Result<Channel> {
    let before = get(ctx, id).await?;
    let mut access = access_of(ctx, id).await?;
    access.token = change.token.unwrap_or(access.token);
    access.secret = change.secret.unwrap_or(access.secret);
    let name = change.name.unwrap_or(before.name);
    let settings = change.settings.unwrap_or(before.settings);
    check(before.app, &name, &settings, &access)?;
    let state = if change.active.unwrap_or(before.active) { "active" } else { "paused" };
    let sealed = sealed(&access, ctx.keys().await?.as_ref())?;
    let mut batch = ctx.batch();
    batch.guard(sql::UPDATE_CHANNEL, params![ctx.workspace, id, name, state, json(&settings)?, sealed, ctx.now()]);
    batch.feed(changed(id, "updated"));
    accounts::audit::record(&mut batch, ctx, "channel.updated", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Takes an account away: nothing leaves or comes in over it any more. What was said stays.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(ctx: &Ctx, id: ChannelId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(sql::DELETE_CHANNEL, params![ctx.workspace, id]);
    batch.feed(changed(id, "deleted"));
    accounts::audit::record(&mut batch, ctx, "channel.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Writes down how an account did when it was used.
pub(super) async fn checked(ctx: &Ctx, id: ChannelId, problem: Option<&str>) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(sql::CHECKED, params![ctx.workspace, id, problem, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// One account.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: ChannelId) -> Result<Channel> {
    ctx.db.get(sql::CHANNEL, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("channel"))
}

/// Every account, the oldest first.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx) -> Result<Vec<Channel>> {
    Ok(ctx.db.all(sql::CHANNELS, params![ctx.workspace]).await?)
}

/// What is secret about an account.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn access_of(ctx: &Ctx, id: ChannelId) -> Result<Access> {
    let row: Option<(Vec<u8>,)> = ctx.db.get(sql::ACCESS, params![ctx.workspace, id]).await?;
    let (sealed,) = row.ok_or(Error::NotFound("channel"))?;
    let plain = ctx.keys().await?.open(SEALED, &sealed)?;
    Ok(serde_json::from_slice(&plain).map_err(|_| store::Error::Column("access"))?)
}

/// Whose an account is.
///
/// # Errors
/// The store's.
pub async fn owner(core: &Core, id: ChannelId) -> Result<Option<WorkspaceId>> {
    let row: Option<(WorkspaceId,)> = core.db.opt(sql::OWNER, params![id]).await?;
    Ok(row.map(|row| row.0))
}

fn changed(id: ChannelId, how: &'static str) -> store::Feed {
    store::Feed { kind: "channel.changed", entity: id.into(), data: serde_json::json!({ "how": how }) }
}
