//! Settings of verifications under a name: what an application of the organisation asks for each time.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::RangeInclusive;

use kernel::{Timestamp, VerificationServiceId};
use serde::{Deserialize, Serialize};
use store::{Ctx, FromRow, Row, params};

use super::model::Way;
use super::queries as sql;
use super::{Error, Result, rules};

/// Most services of a workspace.
const MOST: usize = 200;

/// How codes are made, sent and accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Digits of a code, 4 to 10.
    pub code_length: u8,
    /// For how many seconds a code is good, 30 to 86 400.
    pub expires_in: u32,
    /// How many codes may come back, 1 to 20.
    pub max_attempts: u32,
    /// How often one code may be sent, 1 to 10.
    pub max_sends: u32,
    /// Seconds between two messages to the same address, 10 to 3600.
    pub cooldown: u32,
    /// The ways of the first message, the second, and so on; the last one stays.
    pub channels: Vec<Way>,
    /// From what; the workspace's senders decide when it is absent.
    pub originator: Option<String>,
    /// The words by language, with `{code}` in them and `{organisation}` and `{span}` where wanted; Barid's own
    /// where a language has none.
    pub texts: BTreeMap<String, String>,
    /// The web site that may read the code from the message (WebOTP, `@example.com #123456`).
    pub web_otp: Option<String>,
    /// The eleven characters by which an Android application finds its message (SMS Retriever).
    pub app_hash: Option<String>,
    /// Verifications of one number or address in a day, over all services, 1 to 100.
    pub per_recipient_a_day: u32,
    /// Verifications that one end user's network address may begin in an hour, 1 to 1000.
    pub per_address_an_hour: u32,
    /// Verifications that one key or member may begin in a minute, 1 to 100 000.
    pub per_caller_a_minute: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            code_length: 6,
            expires_in: 600,
            max_attempts: 3,
            max_sends: 3,
            cooldown: 30,
            channels: vec![Way::Sms],
            originator: None,
            texts: BTreeMap::new(),
            web_otp: None,
            app_hash: None,
            per_recipient_a_day: 10,
            per_address_an_hour: 20,
            per_caller_a_minute: 600,
        }
    }
}

fn within<T: PartialOrd + Display>(field: &'static str, value: T, range: RangeInclusive<T>) -> Result<()> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(Error::field(field, format_args!("{} to {}", range.start(), range.end())))
}

impl Settings {
    /// Whether they can be lived with.
    ///
    /// # Errors
    /// [`Error::Field`] naming what is wrong.
    pub fn check(&self) -> Result<()> {
        within("code_length", self.code_length, 4..=10)?;
        within("expires_in", self.expires_in, 30..=86_400)?;
        within("max_attempts", self.max_attempts, 1..=20)?;
        within("max_sends", self.max_sends, 1..=10)?;
        within("cooldown", self.cooldown, 10..=3600)?;
        within("per_recipient_a_day", self.per_recipient_a_day, 1..=100)?;
        within("per_address_an_hour", self.per_address_an_hour, 1..=1000)?;
        within("per_caller_a_minute", self.per_caller_a_minute, 1..=100_000)?;
        if self.channels.is_empty() || self.channels.len() > 10 {
            return Err(Error::field("channels", "one to ten of sms, voice and email"));
        }
        if self.texts.len() > 50 {
            return Err(Error::field("texts", "at most 50 languages"));
        }
        for (language, text) in &self.texts {
            if language.parse::<kernel::Locale>().is_err() {
                return Err(Error::field("texts", "languages are written as en, ar or pt-BR"));
            }
            rules::check_text("texts", text)?;
        }
        if self.originator.as_ref().is_some_and(|originator| originator.is_empty() || originator.len() > 20) {
            return Err(Error::field("originator", "one of the workspace's senders"));
        }
        if let Some(site) = &self.web_otp {
            rules::check_site(site)?;
        }
        match &self.app_hash {
            Some(hash) => rules::check_app_hash(hash),
            None => Ok(()),
        }
    }
}

/// A service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Its id.
    pub id: VerificationServiceId,
    /// What messages call it, in place of the workspace's name.
    pub name: String,
    /// How codes are made, sent and accepted.
    pub settings: Settings,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl FromRow for Service {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            name: row.take()?,
            settings: serde_json::from_str(&row.take::<String>()?).map_err(|_| store::Error::Column("settings"))?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

fn named(name: &str) -> Result<&str> {
    let name = name.trim();
    let short = (1..=60).contains(&name.chars().count());
    if short && !name.chars().any(char::is_control) && !name.contains(['{', '}']) {
        return Ok(name);
    }
    Err(Error::field("name", "1 to 60 characters, without braces: it stands in the message"))
}

fn written(settings: &Settings) -> Result<String> {
    settings.check()?;
    Ok(serde_json::to_string(settings).map_err(|_| store::Error::Column("settings"))?)
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Unique(_) => Error::field("name", "another service has this name"),
        other => other.into(),
    }
}

/// Makes a service.
///
/// # Errors
/// [`Error::Field`]; [`Error::Conflict`] at 200 services.
pub async fn add(ctx: &Ctx, name: &str, settings: &Settings) -> Result<Service> {
    let (name, text) = (named(name)?, written(settings)?);
    if list(ctx).await?.len() >= MOST {
        return Err(Error::Conflict("a workspace has at most 200 verification services"));
    }
    let id: VerificationServiceId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(sql::INSERT_SERVICE, params![ctx.workspace, id, name, text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "verification_service.created", &[&id]);
    ctx.db.apply(batch).await.map_err(taken)?;
    get(ctx, id).await
}

/// Changes a service; verifications that began keep what they began with.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Field`].
pub async fn change(ctx: &Ctx, id: VerificationServiceId, name: &str, settings: &Settings) -> Result<Service> {
    let (name, text) = (named(name)?, written(settings)?);
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.guard(sql::UPDATE_SERVICE, params![ctx.workspace, id, name, text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "verification_service.updated", &[&id]);
    ctx.db.apply(batch).await.map_err(taken)?;
    get(ctx, id).await
}

/// Takes a service away; verifications that began go on.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn remove(ctx: &Ctx, id: VerificationServiceId) -> Result<()> {
    get(ctx, id).await?;
    let mut batch = ctx.batch();
    batch.push(sql::DELETE_SERVICE, params![ctx.workspace, id]);
    accounts::audit::record(&mut batch, ctx, "verification_service.deleted", &[&id]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// A service.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(ctx: &Ctx, id: VerificationServiceId) -> Result<Service> {
    ctx.db.get(sql::GET_SERVICE, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("verification service"))
}

/// Every service, the oldest first.
///
/// # Errors
/// The store's.
pub async fn list(ctx: &Ctx) -> Result<Vec<Service>> {
    Ok(ctx.db.all(sql::LIST_SERVICES, params![ctx.workspace]).await?)
}
