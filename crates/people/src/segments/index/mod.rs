//! The people of one workspace in memory, laid out for counting.
//!
//! Contacts have dense numbers. Each field is a column of 16-bit codes into a dictionary of
//! distinct values, with a roaring bitmap per value while there are few, or one compact buffer
//! once values seldom repeat. Tags, topics and event days are bitmaps; events also keep their
//! instants, so that a window is exact to the microsecond. A value goes with its last contact.

mod arena;
mod bits;
mod column;
mod dictionary;
mod evaluate;
mod events;
mod facets;
mod instants;
mod order;
mod search;
mod tallies;

use std::collections::{BTreeMap, HashMap};

use kernel::ContactId;
use roaring::RoaringBitmap;

pub use facets::Facet;
pub use order::{Ordered, Place, Slice, Sort, Standing};
pub use search::Found;
pub use tallies::{CampaignTally, DayTally, HourTally, Tallies};

use self::column::{Column, Raw};
use self::events::Events;
use self::instants::Instants;
use super::conditions::{Field, LabelKey, StandardField, TopicState};
use super::document::{ContactDoc, ContactEvent};

/// The audience index of one workspace.
#[derive(Default)]
pub struct Index {
    /// By number; zeros where a number is free.
    ids: Vec<ContactId>,
    numbers: HashMap<ContactId, u32>,
    free: Vec<u32>,
    all: RoaringBitmap,
    standard: BTreeMap<StandardField, Column>,
    attributes: BTreeMap<Box<str>, Column>,
    created: Instants,
    updated: Instants,
    /// When each person last did something themselves.
    active: Instants,
    tags: HashMap<LabelKey, RoaringBitmap>,
    topics: HashMap<(LabelKey, TopicState), RoaringBitmap>,
    events: Events,
}

impl Index {
    /// An empty index with room for `contacts`.
    pub fn with_capacity(contacts: usize) -> Self {
        Self { ids: Vec::with_capacity(contacts), numbers: HashMap::with_capacity(contacts), ..Self::default() }
    }

    /// How many contacts there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The number under which a contact stands in bitmaps.
    pub(crate) fn number(&self, id: ContactId) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    /// Adds a contact, or replaces everything but the events of one that is there. Events come by
    /// [`Index::event`]; those of the document are not looked at.
    pub fn upsert(&mut self, id: ContactId, doc: &ContactDoc) {
        let known = self.numbers.get(&id).copied();
        let number = known.unwrap_or_else(|| self.admit(id));
        if known.is_some() {
            self.clear_absent(number, doc);
        }
        for (&field, text) in &doc.fields {
            self.standard.entry(field).or_default().set(number, Some(Raw::Text(text)));
        }
        for (name, value) in &doc.attributes {
            if let Some(column) = self.attributes.get_mut(name.as_str()) {
                column.set(number, Some(value.into()));
            } else {
                self.attributes.entry(name.as_str().into()).or_default().set(number, Some(value.into()));
            }
        }
        self.created.set(number, doc.created_at);
        self.updated.set(number, doc.updated_at);
        for tag in &doc.tags {
            label(&mut self.tags, tag, number);
        }
        for topic in &doc.topics {
            label(&mut self.topics, topic, number);
        }
    }

    fn admit(&mut self, id: ContactId) -> u32 {
        let number = if let Some(number) = self.free.pop() {
            self.ids[number as usize] = id;
            number
        } else {
            self.ids.push(id);
            self.ids.len() as u32 - 1
        };
        self.numbers.insert(id, number);
        self.all.insert(number);
        number
    }

    /// Clears the values that the document does not have, and all memberships.
    fn clear_absent(&mut self, number: u32, doc: &ContactDoc) {
        self.standard.retain(|field, column| {
            if !doc.fields.contains_key(field) {
                column.set(number, None);
            }
            !column.is_empty()
        });
        self.attributes.retain(|name, column| {
            if !doc.attributes.contains_key(&**name) {
                column.set(number, None);
            }
            !column.is_empty()
        });
        let leave = |who: &mut RoaringBitmap| {
            who.remove(number);
            !who.is_empty()
        };
        self.tags.retain(|_, who| leave(who));
        self.topics.retain(|_, who| leave(who));
    }

    /// Forgets a contact: its number, every value, membership and event. `false` when unknown.
    pub fn remove(&mut self, id: ContactId) -> bool {
        let Some(number) = self.numbers.remove(&id) else { return false };
        self.clear_absent(number, &ContactDoc::default());
        self.created.set(number, None);
        self.updated.set(number, None);
        self.active.set(number, None);
        self.events.remove(number);
        self.all.remove(number);
        self.ids[number as usize] = ContactId([0; 16]);
        self.free.push(number);
        true
    }

    /// Adds an event of a contact; `false` when the contact is unknown.
    pub fn event(&mut self, id: ContactId, event: &ContactEvent) -> bool {
        let number = self.numbers.get(&id).copied();
        if let Some(number) = number {
            self.happened(number, event);
        }
        number.is_some()
    }

    fn happened(&mut self, number: u32, event: &ContactEvent) {
        self.events.push(number, event);
        if event.is_activity() && self.active.get(number).is_none_or(|known| known < event.at.0) {
            self.active.set(number, Some(event.at));
        }
    }

    /// Adds an event unless an equal one is there: for replays that may overlap what was loaded.
    pub fn event_once(&mut self, id: ContactId, event: &ContactEvent) -> bool {
        match self.numbers.get(&id) {
            Some(&number) if !self.events.contains(number, event) => {
                self.happened(number, event);
                true
            }
            _ => false,
        }
    }

    /// Whether the contact is there.
    pub fn contains(&self, id: ContactId) -> bool {
        self.numbers.contains_key(&id)
    }

    /// The contacts of a result, in the order of their numbers.
    pub fn contacts<'a>(&'a self, who: &'a RoaringBitmap) -> impl Iterator<Item = ContactId> + 'a {
        who.iter().map(|number| self.ids[number as usize])
    }

    /// Up to `count` contacts of a result, evenly spread over it; the same result gives the same
    /// sample.
    pub fn sample(&self, who: &RoaringBitmap, count: usize) -> Vec<ContactId> {
        let (total, count) = (who.len(), (count as u64).min(who.len()));
        let rank = |i: u64| (i * total / count) as u32;
        (0..count).filter_map(|i| who.select(rank(i))).map(|number| self.ids[number as usize]).collect()
    }

    /// Bytes held by contacts and by events, roughly.
    pub fn memory(&self) -> (usize, usize) {
        let columns = self.standard.values().chain(self.attributes.values()).map(Column::memory).sum::<usize>();
        let labels = self.tags.values().chain(self.topics.values()).map(RoaringBitmap::serialized_size).sum::<usize>();
        let ids = self.ids.capacity() * 16 + self.numbers.capacity() * 24;
        (
            columns + labels + ids + self.created.memory() + self.updated.memory() + self.active.memory(),
            self.events.memory(),
        )
    }

    /// Gives back memory that growing left over; worth it once, after a bulk load.
    pub fn shrink_to_fit(&mut self) {
        self.ids.shrink_to_fit();
        self.standard.values_mut().chain(self.attributes.values_mut()).for_each(Column::shrink_to_fit);
        self.created.shrink_to_fit();
        self.updated.shrink_to_fit();
        self.active.shrink_to_fit();
        self.events.shrink_to_fit();
    }

    /// Whether no value, membership or event of anyone is held.
    #[cfg(test)]
    pub(super) fn is_bare(&self) -> bool {
        self.standard.is_empty()
            && self.attributes.is_empty()
            && self.tags.is_empty()
            && self.topics.is_empty()
            && self.events.is_empty()
            && self.created.present(&RoaringBitmap::full()).is_empty()
            && self.updated.present(&RoaringBitmap::full()).is_empty()
            && self.active.present(&RoaringBitmap::full()).is_empty()
    }

    fn column(&self, field: &Field) -> Option<&Column> {
        match field {
            Field::Standard(field) => self.standard.get(field),
            Field::Attribute(name) => self.attributes.get(name),
        }
    }
}

/// Puts a contact into the set of a label without copying a known label's key.
fn label<K: std::hash::Hash + Eq + Clone>(labels: &mut HashMap<K, RoaringBitmap>, key: &K, number: u32) {
    if let Some(who) = labels.get_mut(key) {
        who.insert(number);
    } else {
        labels.insert(key.clone(), RoaringBitmap::from_iter([number]));
    }
}
