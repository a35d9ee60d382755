//! Event types: what can be booked.

use kernel::{EventTypeId, HostId, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Ctx, Feed, params};
use utoipa::ToSchema;

use crate::error::invalid;
use crate::model::Definition;
use crate::{Error, Result, hosts, resources, schedules};

store::sql! {
    INSERT_TYPE = "INSERT INTO event_type (workspace, id, slug, state, definition, version, turn, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, 1, 0, $6, $6)";
    UPDATE_TYPE = "UPDATE event_type SET slug = $3, state = $4, definition = $5, version = version + 1, updated_at = $6
        WHERE workspace = $1 AND id = $2 AND version = $7";
    TYPE = "SELECT id, slug, state, definition, version, created_at, updated_at FROM event_type WHERE workspace = $1 AND id = $2";
    TYPE_BY_SLUG = "SELECT id, slug, state, definition, version, created_at, updated_at FROM event_type WHERE workspace = $1 AND slug = $2";
    TYPES = "SELECT id, slug, state, definition, version, created_at, updated_at FROM event_type WHERE workspace = $1 ORDER BY id LIMIT 1000";
}

/// Whether an event type can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeState {
    /// On the pages and by its address.
    Active,
    /// By its address only.
    Hidden,
    /// Not at all; what is booked stays.
    Archived,
}

impl TypeState {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Hidden => "hidden",
            Self::Archived => "archived",
        }
    }

    fn read(text: &str) -> store::Result<Self> {
        [Self::Active, Self::Hidden, Self::Archived]
            .into_iter()
            .find(|state| state.as_str() == text)
            .ok_or(store::Error::Column("an event type's state"))
    }
}

/// An event type.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventType {
    /// Its id.
    #[schema(value_type = String)]
    pub id: EventTypeId,
    /// Its name in addresses.
    pub slug: String,
    /// Whether it can be booked.
    pub state: TypeState,
    /// What it is.
    pub definition: Definition,
    /// Counts changes.
    pub version: i64,
    /// Since when it exists.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Changed last.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl EventType {
    /// Since when it is out of use, as far as is known.
    pub fn archived(&self) -> Option<Timestamp> {
        (self.state == TypeState::Archived).then_some(self.updated_at)
    }
}

impl store::FromRow for EventType {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        Ok(Self {
            id: row.take()?,
            slug: row.take()?,
            state: TypeState::read(&row.take::<String>()?)?,
            definition: serde_json::from_str(&row.take::<String>()?)
                .map_err(|_| store::Error::Column("an event type"))?,
            version: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

fn slug(text: &str) -> Result<&str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let fits = (1..=60).contains(&text.len()) && text.chars().all(plain) && !text.starts_with('-');
    if fits { Ok(text) } else { Err(invalid("slug", "expected 1 to 60 lower-case letters, digits and hyphens")) }
}

/// Checks against the database and notes since when each host takes part.
async fn settled(ctx: &Ctx, mut definition: Definition, before: Option<&Definition>) -> Result<String> {
    definition.check()?;
    let known = hosts::list(ctx).await?;
    let schedules: Vec<_> = schedules::list(ctx).await?.into_iter().map(|one| one.id).collect();
    for (place, one) in definition.hosts.iter_mut().enumerate() {
        let field = format!("hosts[{place}].host");
        let there = before.and_then(|before| before.hosts.iter().find(|other| other.host == one.host));
        let host =
            known.iter().find(|host| host.id == one.host).ok_or_else(|| invalid(&*field, "there is no such host"))?;
        if host.left_at.is_some() && there.is_none() {
            return Err(invalid(field, "this member is gone"));
        }
        if one.schedule.is_some_and(|schedule| !schedules.contains(&schedule)) {
            return Err(invalid(format!("hosts[{place}].schedule"), "there is no such schedule"));
        }
        one.since = there.and_then(|there| there.since).or(Some(ctx.now()));
    }
    if !definition.resources.is_empty() {
        let known: Vec<_> = resources::list(ctx).await?.into_iter().map(|one| one.id).collect();
        if definition.resources.iter().flatten().any(|one| !known.contains(one)) {
            return Err(invalid("resources", "there is no such resource"));
        }
    }
    let costs = definition.payment.is_some() && before.is_none_or(|before| before.payment.is_none());
    if costs && !crate::payments::connected(ctx).await? {
        return Err(invalid("payment", "connect the payment provider first"));
    }
    if let Some(offer) = &definition.marketing {
        let topic = people::topics::get(ctx, offer.topic).await?;
        if topic.archived_at.is_some() {
            return Err(invalid("marketing.topic", "this topic is out of use"));
        }
    }
    serde_json::to_string(&definition).map_err(|_| Error::Internal("event type"))
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Unique(_) => invalid("slug", "another event type has this address"),
        other => other.into(),
    }
}

/// Makes an event type.
///
/// # Errors
/// What is wrong, by field.
pub async fn create(ctx: &Ctx, name: &str, state: TypeState, definition: Definition) -> Result<EventType> {
    let name = slug(name)?;
    let text = settled(ctx, definition, None).await?;
    let id: EventTypeId = ctx.id();
    let mut batch = ctx.batch();
    batch.push(INSERT_TYPE, params![ctx.workspace, id, name, state.as_str(), text, ctx.now()]);
    accounts::audit::record(&mut batch, ctx, "booking.event_type.created", &[&id]);
    batch.feed(Feed { kind: "event_type.created", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await.map_err(taken)?;
    get(ctx, id).await
}

/// A change of an event type; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name in addresses.
    pub slug: Option<String>,
    /// Whether it can be booked.
    pub state: Option<TypeState>,
    /// What it is.
    pub definition: Option<Definition>,
}

/// Changes an event type that is still at this version. What is booked already stays as it was booked.
///
/// # Errors
/// `version_conflict` when somebody was faster, or what is wrong, by field.
pub async fn update(ctx: &Ctx, id: EventTypeId, version: i64, change: Change) -> Result<EventType> {
    let before = get(ctx, id).await?;
    let name = change.slug.unwrap_or_else(|| before.slug.clone());
    let state = change.state.unwrap_or(before.state);
    let definition = change.definition.unwrap_or_else(|| before.definition.clone());
    let text = settled(ctx, definition, Some(&before.definition)).await?;
    let mut batch = ctx.batch();
    batch.guard(UPDATE_TYPE, params![ctx.workspace, id, slug(&name)?, state.as_str(), text, ctx.now(), version]);
    accounts::audit::record(&mut batch, ctx, "booking.event_type.updated", &[&id]);
    batch.feed(Feed { kind: "event_type.updated", entity: id.into(), data: json!({}) });
    ctx.db.apply(batch).await.map_err(taken)?;
    get(ctx, id).await
}

/// An event type.
///
/// # Errors
/// When there is none.
pub async fn get(ctx: &Ctx, id: EventTypeId) -> Result<EventType> {
    ctx.db.get(TYPE, params![ctx.workspace, id]).await?.ok_or(Error::NotFound("event type"))
}

/// An event type by its name in addresses.
///
/// # Errors
/// When there is none.
pub async fn by_slug(ctx: &Ctx, slug: &str) -> Result<EventType> {
    ctx.db.opt(TYPE_BY_SLUG, params![ctx.workspace, slug]).await?.ok_or(Error::NotFound("event type"))
}

/// Every event type; there are few.
///
/// # Errors
/// When the database fails.
pub async fn all(ctx: &Ctx) -> Result<Vec<EventType>> {
    Ok(ctx.db.all(TYPES, params![ctx.workspace]).await?)
}

/// Whether a host takes part in an event type.
pub fn takes_part(one: &EventType, host: HostId) -> bool {
    one.definition.hosts.iter().any(|other| other.host == host)
}
