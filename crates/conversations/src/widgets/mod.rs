//! Chat widgets: what a site shows. The secret with which a site's server names its people rests sealed.

mod greetings;
mod settings;

use aws_lc_rs::hmac;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER_PERMISSIVE};
use kernel::{Timestamp, WidgetId, WorkspaceId};
use store::{Actor, Core, Ctx, params};

pub use greetings::{
    Act, Button, Compared, Condition as GreetingCondition, ConditionKind as GreetingKind, Greeting, GreetingDraft,
    Once, create as create_greeting, delete as delete_greeting, list as greetings, note as note_greeting,
    update as update_greeting,
};
pub use settings::{
    Dark, Features, FieldKind, FieldOption, FileRules, Form, FormField, Forms, LARGEST_FILE, Launcher, Offset,
    Settings, Side, Theme, Words,
};

use crate::{Error, Result, text};

const SECRET: &str = "chat_widget.secret";
/// The most widgets of a workspace.
const MOST: usize = 100;

store::sql! {
    INSERT = "INSERT INTO chat_widget (workspace, id, name, enabled, settings, secret, version, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7)";
    UPDATE = "UPDATE chat_widget SET name = $3, enabled = $4, settings = $5, version = version + 1, updated_at = $6
        WHERE workspace = $1 AND id = $2 AND version = $7";
    SET_SECRET = "UPDATE chat_widget SET secret = $3, updated_at = $4 WHERE workspace = $1 AND id = $2";
    DELETE = "DELETE FROM chat_widget WHERE workspace = $1 AND id = $2";
    ONE = "SELECT id, name, enabled, settings, secret, version, created_at, updated_at FROM chat_widget WHERE workspace = $1 AND id = $2";
    ALL = "SELECT id, name, enabled, settings, secret, version, created_at, updated_at FROM chat_widget WHERE workspace = $1 ORDER BY id";
    /// The address on a page names the widget only.
    OWNER = "SELECT workspace FROM chat_widget WHERE id = $1";
}

store::row! {
    struct WidgetRow {
        id: WidgetId,
        name: String,
        enabled: bool,
        settings: String,
        secret: Vec<u8>,
        version: i64,
        created_at: Timestamp,
        updated_at: Timestamp,
    }
}

/// A widget.
#[derive(Debug, Clone)]
pub struct Widget {
    /// Its id.
    pub id: WidgetId,
    /// What members call it.
    pub name: String,
    /// In use.
    pub enabled: bool,
    /// Its settings.
    pub settings: Settings,
    /// Counts changes.
    pub version: i64,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Changed last.
    pub updated_at: Timestamp,
    secret: Vec<u8>,
}

fn opened(row: WidgetRow) -> Result<Widget> {
    Ok(Widget {
        id: row.id,
        name: row.name,
        enabled: row.enabled,
        settings: serde_json::from_str(&row.settings).map_err(|_| Error::Corrupt("widget"))?,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        secret: row.secret,
    })
}

/// The workspace whose widget it is, as the person who chats.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn owner(core: &Core, id: WidgetId) -> Result<Ctx> {
    let row: Option<(WorkspaceId,)> = core.db.get(OWNER, params![id]).await?;
    Ok(core.ctx(row.ok_or(Error::NotFound("widget"))?.0, Actor::Person))
}

/// One widget, if it is there.
///
/// # Errors
/// When the store fails.
pub async fn find(ctx: &Ctx, id: WidgetId) -> Result<Option<Widget>> {
    ctx.db.get::<WidgetRow>(ONE, params![ctx.workspace, id]).await?.map(opened).transpose()
}

/// One widget.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: WidgetId) -> Result<Widget> {
    find(ctx, id).await?.ok_or(Error::NotFound("widget"))
}

/// Every widget, the oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(ctx: &Ctx) -> Result<Vec<Widget>> {
    let rows: Vec<WidgetRow> = ctx.db.all(ALL, params![ctx.workspace]).await?;
    rows.into_iter().map(opened).collect()
}

async fn check(ctx: &Ctx, name: &str, settings: &Settings) -> Result<(String, String)> {
    let name = text::line("name", name, 200)?;
    settings.check()?;
    if let Some(group) = settings.group {
        crate::groups::get(ctx, group).await.map_err(|_| Error::field("group", "there is no such group"))?;
    }
    if let Some(bot) = settings.bot {
        crate::bots::get(ctx, bot).await.map_err(|_| Error::field("bot", "there is no such bot"))?;
    }
    if let Some(notice) = settings.notice {
        privacy::notices::get(ctx, notice).await.map_err(|_| Error::field("notice", "there is no such notice"))?;
    }
    let forms = &settings.forms;
    for form in [&forms.pre_chat, &forms.ask_mail, &forms.post_chat, &forms.offline] {
        for topic in form.fields.iter().filter_map(|field| field.topic) {
            people::topics::get(ctx, topic)
                .await
                .map_err(|_| Error::field("forms", "names a topic that does not exist"))?;
        }
    }
    let written = serde_json::to_string(settings).map_err(|_| Error::Corrupt("widget"))?;
    Ok((name, written))
}

fn new_secret(ctx: &Ctx) -> String {
    let mut bytes = [0; 32];
    ctx.rng.fill(&mut bytes);
    BASE64URL_NOPAD.encode(&bytes)
}

/// Makes a widget.
///
/// # Errors
/// Settings that are not right, too many widgets.
pub async fn create(ctx: &Ctx, name: &str, settings: &Settings) -> Result<Widget> {
    let (name, written) = check(ctx, name, settings).await?;
    if list(ctx).await?.len() >= MOST {
        return Err(Error::State("a workspace has at most 100 widgets"));
    }
    let (id, keys): (WidgetId, _) = (ctx.id(), ctx.keys().await?);
    let secret = keys.seal(SECRET, new_secret(ctx).as_bytes());
    let mut batch = ctx.batch();
    batch.push(INSERT, params![ctx.workspace, id, name, true, written, secret, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "chat_widget.created", &[&id]);
    ctx.db.apply(batch).await?;
    get(ctx, id).await
}

/// Changes a widget as it was at `version`.
///
/// # Errors
/// As [`create`]; [`Error::NotFound`]; [`Error::Raced`] when somebody was faster.
pub async fn update(ctx: &Ctx, before: &Widget, name: &str, enabled: bool, settings: &Settings) -> Result<Widget> {
    let (name, written) = check(ctx, name, settings).await?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE, params![ctx.workspace, before.id, name, enabled, written, ctx.now(), before.version]);
    accounts::audit::record(&mut batch, ctx, "chat_widget.updated", &[&before.id]);
    match ctx.db.apply(batch).await {
        Ok(_) => get(ctx, before.id).await,
        Err(store::Error::Guard(_)) => Err(Error::Raced),
        Err(error) => Err(error.into()),
    }
}

/// Deletes a widget; its conversations stay.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn delete(ctx: &Ctx, id: WidgetId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(greetings::DELETE_ALL, params![ctx.workspace, id]);
    batch.push(DELETE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "chat_widget.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Makes a new secret with which the site's server names its people; the one before holds no longer.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn renew_secret(ctx: &Ctx, id: WidgetId) -> Result<String> {
    get(ctx, id).await?;
    let secret = new_secret(ctx);
    let sealed = ctx.keys().await?.seal(SECRET, secret.as_bytes());
    let mut batch = ctx.batch();
    batch.push(SET_SECRET, params![ctx.workspace, id, sealed, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "chat_widget.secret_renewed", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(secret)
}

/// What the site's server signs: the person's id and address, so that neither can be exchanged.
fn signed_text(id: &str, email: Option<&str>) -> String {
    format!("{id}\n{}", email.unwrap_or_default())
}

/// Whether the site's server named this person: HMAC-SHA-256 in hex over id, line feed, address.
///
/// # Errors
/// When the workspace's keys cannot be read.
pub async fn is_named(ctx: &Ctx, widget: &Widget, (id, email): (&str, Option<&str>), hash: &str) -> Result<bool> {
    let secret = ctx.keys().await?.open(SECRET, &widget.secret)?;
    let Ok(given) = HEXLOWER_PERMISSIVE.decode(hash.as_bytes()) else { return Ok(false) };
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    Ok(hmac::verify(&key, signed_text(id, email).as_bytes(), &given).is_ok())
}

/// What a site's server sends for a person; for tests and for the settings page's example.
///
/// # Errors
/// When the workspace's keys cannot be read.
pub async fn name_of(ctx: &Ctx, widget: &Widget, id: &str, email: Option<&str>) -> Result<String> {
    let secret = ctx.keys().await?.open(SECRET, &widget.secret)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    Ok(data_encoding::HEXLOWER.encode(hmac::sign(&key, signed_text(id, email).as_bytes()).as_ref()))
}
