use std::collections::BTreeMap;

use kernel::{ContactId, RawId, TagId, Timestamp, TopicId};
use serde_json::Value as Json;
use store::{Ctx, params};

use super::catalog::{tag_key, topic_key};
use crate::contacts::queries::{CONTACT, CONTACTS_AFTER, ContactRow};
use crate::contacts::{Loaded, Standard, open};
use crate::segments::conditions::{CampaignKey, EventClass, EventKind, StandardField, TopicState};
use crate::segments::{Attribute, ContactDoc, ContactEvent};
use crate::{Error, Result};

store::sql! {
    TAGS_BETWEEN = "SELECT contact, tag FROM contact_tag WHERE workspace = $1 AND contact > $2 AND contact <= $3";
    TOPICS_BETWEEN = "SELECT contact, topic, state FROM contact_topic
        WHERE workspace = $1 AND contact > $2 AND contact <= $3";
    CONTACTS_BETWEEN = "SELECT id, sealed, version, archived_at, created_at, updated_at FROM contact
        WHERE workspace = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT $4";
    EVENTS_BETWEEN = "SELECT contact, at, id, kind, class, campaign FROM event
        WHERE workspace = $1 AND contact > $2 AND contact <= $3 AND id >= $4 LIMIT $5";
    TAGS_OF_ONE = "SELECT contact, tag FROM contact_tag WHERE workspace = $1 AND contact = $2";
    TOPICS_OF_ONE = "SELECT contact, topic, state FROM contact_topic WHERE workspace = $1 AND contact = $2";
    EVENTS_AFTER = "SELECT contact, at, id, kind, class, campaign FROM event
        WHERE workspace = $1 AND (contact, at, id) > ($2, $3, $4) ORDER BY contact, at, id LIMIT $5";
    EVENTS_SINCE = "SELECT contact, at, id, kind, class, campaign FROM event
        WHERE workspace = $1 AND contact = $2 AND id >= $3";
}

/// How many contacts are read at a time.
const CONTACTS: u32 = 2_000;
/// How many events are read at a time.
const EVENTS: u32 = 20_000;

type TagRow = (ContactId, TagId);
type TopicRow = (ContactId, TopicId, String);

/// A contact's events and where it stands among all events.
pub(super) struct StoredEvent {
    pub(super) contact: ContactId,
    pub(super) id: RawId,
    pub(super) event: ContactEvent,
}

impl store::FromRow for StoredEvent {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        let (contact, at, id) = (row.take()?, row.take()?, row.take()?);
        let kind = EventKind::from_code(&row.take::<String>()?).ok_or(store::Error::Column("an event's kind"))?;
        let class = EventClass::from_code(&row.take::<String>()?).ok_or(store::Error::Column("an event's class"))?;
        let campaign = row.take::<Option<_>>()?.map(CampaignKey::Id);
        Ok(Self { contact, id, event: ContactEvent { kind, class, campaign, at } })
    }
}

/// What the index needs of an opened contact; its memberships are added by [`join`].
fn document(loaded: &Loaded) -> ContactDoc {
    let profile = &loaded.profile;
    let mut doc = ContactDoc {
        created_at: Some(loaded.created_at),
        updated_at: Some(loaded.updated_at),
        ..ContactDoc::default()
    };
    if let Some(email) = profile.email() {
        doc.set(StandardField::Email, &email.to_string());
    }
    if let Some(phone) = profile.phone() {
        doc.set(StandardField::Phone, phone);
    }
    for field in Standard::ALL {
        if let Some(text) = profile.value(field) {
            doc.set(standard(field), text);
        }
    }
    let attributes = profile.attributes.iter().filter_map(|(key, value)| {
        let value = match &value.0 {
            Json::String(text) => Attribute::Text(text.clone()),
            Json::Number(number) => Attribute::Number(number.as_f64()?),
            Json::Bool(flag) => Attribute::Bool(*flag),
            _ => return None,
        };
        Some((key.clone(), value))
    });
    doc.attributes = attributes.collect();
    doc
}

const fn standard(field: Standard) -> StandardField {
    match field {
        Standard::FirstName => StandardField::FirstName,
        Standard::LastName => StandardField::LastName,
        Standard::Language => StandardField::Language,
        Standard::Country => StandardField::Country,
        Standard::TimeZone => StandardField::TimeZone,
        Standard::Company => StandardField::Company,
        Standard::RecipientType => StandardField::RecipientType,
    }
}

/// Opens rows. Left out: people whose key is gone (an erasure that is not finished) and those who
/// were put aside, who are no audience.
async fn open_all(ctx: &Ctx, rows: Vec<ContactRow>) -> Result<BTreeMap<ContactId, ContactDoc>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let keys = ctx.vault.subjects(ctx.workspace, &ids).await?;
    let present = rows.into_iter().zip(&keys).filter(|(row, keys)| row.archived_at.is_none() && keys.data().is_ok());
    present.map(|(row, keys)| Ok((row.id, document(&open(ctx, row, keys)?)))).collect()
}

fn join(docs: &mut BTreeMap<ContactId, ContactDoc>, tags: Vec<TagRow>, topics: Vec<TopicRow>) -> Result<()> {
    for (contact, tag) in tags {
        if let Some(doc) = docs.get_mut(&contact) {
            doc.tags.push(tag_key(tag));
        }
    }
    for (contact, topic, state) in topics {
        if let Some(doc) = docs.get_mut(&contact) {
            let state = TopicState::from_code(&state).ok_or(Error::Corrupt("membership"))?;
            doc.topics.push((topic_key(topic), state));
        }
    }
    Ok(())
}

/// The next contacts after `after` with their memberships, and the last id looked at; `None` at the end.
pub(super) async fn contacts_after(
    ctx: &Ctx,
    after: ContactId,
) -> Result<Option<(BTreeMap<ContactId, ContactDoc>, ContactId)>> {
    let rows: Vec<ContactRow> = ctx.db.all(CONTACTS_AFTER, params![ctx.workspace, after, CONTACTS]).await?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
    let mut docs = open_all(ctx, rows).await?;
    let tags = ctx.db.all(TAGS_BETWEEN, params![ctx.workspace, after, last]).await?;
    let topics = ctx.db.all(TOPICS_BETWEEN, params![ctx.workspace, after, last]).await?;
    join(&mut docs, tags, topics)?;
    Ok(Some((docs, last)))
}

/// So many people are looked for side by side before each is looked for alone.
const MANY: usize = 100;

/// The range that holds these people, who come in order: behind whom it begins, and with whom it ends.
fn range(ids: &[ContactId]) -> Option<(ContactId, ContactId)> {
    let (first, last) = (ids.first()?, ids.last()?);
    let before = u128::from_be_bytes(first.0).checked_sub(1)?;
    (ids.len() >= MANY).then_some((ContactId(before.to_be_bytes()), *last))
}

/// [`contacts`] for people who lie side by side, as those of an import do; `None` when too many others
/// lie between them.
async fn neighbours(ctx: &Ctx, ids: &[ContactId]) -> Result<Option<BTreeMap<ContactId, ContactDoc>>> {
    let Some((before, last)) = range(ids) else { return Ok(None) };
    let limit = 2 * ids.len();
    let mut rows: Vec<ContactRow> = ctx.db.all(CONTACTS_BETWEEN, params![ctx.workspace, before, last, limit]).await?;
    if rows.len() == limit {
        return Ok(None);
    }
    rows.retain(|row| ids.binary_search(&row.id).is_ok());
    let mut docs = open_all(ctx, rows).await?;
    let tags = ctx.db.all(TAGS_BETWEEN, params![ctx.workspace, before, last]).await?;
    let topics = ctx.db.all(TOPICS_BETWEEN, params![ctx.workspace, before, last]).await?;
    join(&mut docs, tags, topics)?;
    Ok(Some(docs))
}

/// These contacts, in order, as they are now, with their memberships; who is not there any more is left out.
pub(super) async fn contacts(ctx: &Ctx, ids: &[ContactId]) -> Result<BTreeMap<ContactId, ContactDoc>> {
    if let Some(docs) = neighbours(ctx, ids).await? {
        return Ok(docs);
    }
    let sets = || ids.iter().map(|id| params![ctx.workspace, *id]).collect::<Vec<_>>();
    let rows: Vec<Vec<ContactRow>> = ctx.db.many(CONTACT, sets()).await?;
    let mut docs = open_all(ctx, rows.into_iter().flatten().collect()).await?;
    let tags: Vec<Vec<TagRow>> = ctx.db.many(TAGS_OF_ONE, sets()).await?;
    let topics: Vec<Vec<TopicRow>> = ctx.db.many(TOPICS_OF_ONE, sets()).await?;
    join(&mut docs, tags.into_iter().flatten().collect(), topics.into_iter().flatten().collect())?;
    Ok(docs)
}

/// The next events after a place, in the order of contact and time.
pub(super) async fn events_after(ctx: &Ctx, place: (ContactId, Timestamp, RawId)) -> Result<Vec<StoredEvent>> {
    let (contact, at, id) = place;
    Ok(ctx.db.all(EVENTS_AFTER, params![ctx.workspace, contact, at, id, EVENTS]).await?)
}

/// [`events_since`] for people who lie side by side; `None` when too much lies between.
async fn neighbours_events(ctx: &Ctx, floors: &[(ContactId, RawId)]) -> Result<Option<Vec<StoredEvent>>> {
    let ids: Vec<ContactId> = floors.iter().map(|floor| floor.0).collect();
    let (Some((before, last)), Some(least)) = (range(&ids), floors.iter().map(|floor| floor.1).min()) else {
        return Ok(None);
    };
    let limit = 4 * floors.len();
    let mut events: Vec<StoredEvent> =
        ctx.db.all(EVENTS_BETWEEN, params![ctx.workspace, before, last, least, limit]).await?;
    if events.len() == limit {
        return Ok(None);
    }
    events.retain(|stored| ids.binary_search(&stored.contact).is_ok_and(|place| stored.id >= floors[place].1));
    Ok(Some(events))
}

/// The events of each contact, in order, whose ids are not below its `floor`.
pub(super) async fn events_since(ctx: &Ctx, floors: &[(ContactId, RawId)]) -> Result<Vec<StoredEvent>> {
    if let Some(events) = neighbours_events(ctx, floors).await? {
        return Ok(events);
    }
    let sets = floors.iter().map(|(contact, floor)| params![ctx.workspace, *contact, *floor]).collect();
    let rows: Vec<Vec<StoredEvent>> = ctx.db.many(EVENTS_SINCE, sets).await?;
    Ok(rows.into_iter().flatten().collect())
}
