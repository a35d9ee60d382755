use std::collections::BTreeMap;

use kernel::{ContactId, Page, PageRequest, Problem, TagId, Timestamp, TopicId, fold};
use serde_json::{Value as Json, json};
use store::{Blind, Ctx, SubjectKeys, params};

use super::model::{AddressState, Profile, Standard};
use super::queries::{self, ContactRow, IdentityRow, TagOf, TopicOf};
use crate::events::{self, EventRow};
use crate::segments::conditions::TopicState;
use crate::{Error, ReadFor, Result};

pub(super) const SEALED: &str = "contact.sealed";

/// A contact with its profile opened and nothing else.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The id.
    pub id: ContactId,
    /// What is known.
    pub profile: Profile,
    /// Counts changes.
    pub version: i64,
    /// Put aside since.
    pub archived_at: Option<Timestamp>,
    /// Known since.
    pub created_at: Timestamp,
    /// Changed last.
    pub updated_at: Timestamp,
}

/// An address or number with its state.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// `email` or `phone`.
    pub kind: String,
    /// The look-up key.
    pub blind: Blind,
    /// Whether messages reach it.
    pub state: AddressState,
    /// Since when.
    pub state_at: Timestamp,
}

/// Membership in a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// The topic.
    pub topic: TopicId,
    /// Its name.
    pub name: String,
    /// Pending, subscribed or unsubscribed.
    pub state: TopicState,
    /// Since when.
    pub at: Timestamp,
}

/// A contact with everything around it.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Id, profile, instants.
    pub loaded: Loaded,
    /// Its addresses' states.
    pub identities: Vec<Identity>,
    /// Its tags.
    pub tags: Vec<(TagId, String)>,
    /// Its topics.
    pub topics: Vec<Membership>,
    /// Its newest events, newest first.
    pub events: Vec<EventRow>,
}

/// Opens a stored contact.
pub(crate) fn open(ctx: &Ctx, row: ContactRow, keys: &SubjectKeys) -> Result<Loaded> {
    let plain = keys.data()?.open(&ctx.aad(row.id, SEALED), &row.sealed)?;
    let profile = serde_json::from_slice(&plain).map_err(|_| Error::Corrupt("contact"))?;
    let ContactRow { id, version, archived_at, created_at, updated_at, .. } = row;
    Ok(Loaded { id, profile, version, archived_at, created_at, updated_at })
}

pub(crate) async fn one(ctx: &Ctx, contact: ContactId) -> Result<(Loaded, SubjectKeys)> {
    let row: Option<ContactRow> = ctx.db.get(queries::CONTACT, params![ctx.workspace, contact]).await?;
    let row = row.ok_or(Error::NotFound("contact"))?;
    let keys = ctx.vault.subject(ctx.workspace, contact).await?;
    Ok((open(ctx, row, &keys)?, keys))
}

/// The profiles of many people, in their order; `None` for who is not there any more.
pub async fn get_many(ctx: &Ctx, read_for: ReadFor, contacts: &[ContactId]) -> Result<Vec<Option<Loaded>>> {
    let sets = contacts.iter().map(|id| params![ctx.workspace, *id]).collect();
    let rows: Vec<Vec<ContactRow>> = ctx.db.many(queries::CONTACT, sets).await?;
    let keys = ctx.vault.subjects(ctx.workspace, contacts).await?;
    read_for.count(ctx, contacts.len());
    rows.into_iter()
        .zip(&keys)
        .map(|(rows, keys)| match rows.into_iter().next() {
            Some(row) if keys.data().is_ok() => open(ctx, row, keys).map(Some),
            _ => Ok(None),
        })
        .collect()
}

/// A contact with tags, topics, addresses and newest events.
pub async fn get(ctx: &Ctx, read_for: ReadFor, contact: ContactId) -> Result<Contact> {
    let (loaded, _) = one(ctx, contact).await?;
    read_for.count(ctx, 1);
    surround(ctx, vec![loaded], EVENTS).await?.pop().ok_or(Error::NotFound("contact"))
}

/// People with their tags, topics and addresses and without events, in the order asked for; who is not there
/// any more is left out.
pub async fn rows(ctx: &Ctx, read_for: ReadFor, contacts: &[ContactId]) -> Result<Vec<Contact>> {
    let loaded = get_many(ctx, read_for, contacts).await?.into_iter().flatten().collect();
    surround(ctx, loaded, 0).await
}

/// So many of a contact's newest events are shown with it.
const EVENTS: u32 = 100;

async fn surround(ctx: &Ctx, loaded: Vec<Loaded>, newest: u32) -> Result<Vec<Contact>> {
    let sets = || -> Vec<_> { loaded.iter().map(|contact| params![ctx.workspace, contact.id]).collect() };
    let identities: Vec<Vec<IdentityRow>> = ctx.db.many(queries::IDENTITIES_OF, sets()).await?;
    let tags: Vec<Vec<TagOf>> = ctx.db.many(queries::TAGS_OF, sets()).await?;
    let topics: Vec<Vec<TopicOf>> = ctx.db.many(queries::TOPICS_OF, sets()).await?;
    let events: Vec<Vec<EventRow>> = if newest == 0 {
        vec![Vec::new(); loaded.len()]
    } else {
        let sets = loaded.iter().map(|contact| params![ctx.workspace, contact.id, newest]).collect();
        ctx.db.many(events::EVENTS_OF, sets).await?
    };
    let mut out = Vec::with_capacity(loaded.len());
    let parts = identities.into_iter().zip(tags).zip(topics).zip(events);
    for (loaded, (((identities, tags), topics), events)) in loaded.into_iter().zip(parts) {
        let identities = identities.into_iter().map(identity).collect::<Result<_>>()?;
        let topics = topics.into_iter().map(membership).collect::<Result<_>>()?;
        let tags = tags.into_iter().map(|tag| (tag.id, tag.name)).collect();
        out.push(Contact { loaded, identities, tags, topics, events });
    }
    Ok(out)
}

fn identity(row: IdentityRow) -> Result<Identity> {
    let state = AddressState::from_code(&row.state).ok_or(Error::Corrupt("address"))?;
    Ok(Identity { kind: row.kind, blind: row.blind, state, state_at: row.state_at })
}

pub(super) fn membership(row: TopicOf) -> Result<Membership> {
    let state = TopicState::from_code(&row.state).ok_or(Error::Corrupt("membership"))?;
    Ok(Membership { topic: row.topic, name: row.name, state, at: row.at })
}

/// How many contacts there are.
pub async fn count(ctx: &Ctx) -> Result<u64> {
    Ok(ctx.db.one::<(u64,)>(queries::COUNT_CONTACTS, params![ctx.workspace]).await?.0)
}

async fn page(ctx: &Ctx, after: ContactId, limit: u32) -> Result<(Vec<Loaded>, Option<ContactId>)> {
    let rows: Vec<ContactRow> =
        ctx.db.all(queries::CONTACTS_AFTER, params![ctx.workspace, after, i64::from(limit) + 1]).await?;
    let more = rows.len() > limit as usize;
    let rows: Vec<ContactRow> = rows.into_iter().take(limit as usize).collect();
    let last = rows.last().map(|row| row.id).filter(|_| more);
    let ids: Vec<ContactId> = rows.iter().map(|row| row.id).collect();
    let keys = ctx.vault.subjects(ctx.workspace, &ids).await?;
    let open_all = rows.into_iter().zip(&keys).filter(|(_, keys)| keys.data().is_ok());
    let loaded = open_all.map(|(row, keys)| open(ctx, row, keys)).collect::<Result<_>>()?;
    Ok((loaded, last))
}

/// A page of contacts, oldest first.
pub async fn list(ctx: &Ctx, read_for: ReadFor, request: &PageRequest) -> Result<Page<Contact>> {
    let after = match &request.cursor {
        Some(cursor) => cursor.parse().map_err(|_| Problem::field("cursor", "use `next` of the page before"))?,
        None => ContactId([0; 16]),
    };
    let (loaded, next) = page(ctx, after, request.limit()).await?;
    read_for.count(ctx, loaded.len());
    Ok(Page { items: surround(ctx, loaded, EVENTS).await?, next: next.map(|id| id.to_string()) })
}

/// Calls `each` for every contact, chunk by chunk, oldest first; memory holds one chunk.
pub async fn for_each(ctx: &Ctx, read_for: ReadFor, mut each: impl FnMut(Contact) -> Result<()>) -> Result<()> {
    let mut after = ContactId([0; 16]);
    loop {
        let (loaded, next) = page(ctx, after, 500).await?;
        read_for.count(ctx, loaded.len());
        for contact in surround(ctx, loaded, EVENTS).await? {
            each(contact)?;
        }
        match next {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}

impl Contact {
    /// The contact as the API shows it and segments read it.
    pub fn to_json(&self) -> Json {
        let profile = &self.loaded.profile;
        let attributes: BTreeMap<&str, &Json> =
            profile.attributes.iter().map(|(key, value)| (key.as_str(), &value.0)).collect();
        let topics: BTreeMap<&str, &str> =
            self.topics.iter().map(|topic| (topic.name.as_str(), topic.state.as_str())).collect();
        let mut json = json!({
            "id": self.loaded.id,
            "email": profile.email(),
            "phone": profile.phone(),
            "emails": profile.emails.iter().map(|email| &email.0).collect::<Vec<_>>(),
            "phones": profile.phones.iter().map(|phone| &phone.0).collect::<Vec<_>>(),
            "attributes": attributes,
            "tags": self.tags.iter().map(|tag| &tag.1).collect::<Vec<_>>(),
            "topics": topics,
            "events": self.events.iter().map(EventRow::to_json).collect::<Vec<_>>(),
            "archived": self.loaded.archived_at.is_some(),
            "version": self.loaded.version,
            "created_at": self.loaded.created_at,
            "updated_at": self.loaded.updated_at,
        });
        for field in Standard::ALL {
            json[field.as_str()] = json!(profile.value(field));
        }
        json
    }

    /// Whether the contact has a tag of this name.
    pub fn has_tag(&self, name: &str) -> bool {
        self.tags.iter().any(|tag| fold(&tag.1) == fold(name))
    }
}
