use roaring::RoaringBitmap;

use super::Index;
use crate::segments::conditions::{Field, LabelKey, TopicState};

/// A value and how many have it.
#[derive(Clone, PartialEq, Eq)]
pub struct Facet {
    /// The value in its most frequent spelling (folded for fields whose values seldom repeat).
    pub value: String,
    /// How many contacts have it.
    pub count: u64,
}

impl std::fmt::Debug for Facet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[pii]: {}", self.count)
    }
}

impl Index {
    /// Everyone.
    pub const fn everyone(&self) -> &RoaringBitmap {
        &self.all
    }

    /// The `limit` most frequent values of a field within a result, the most frequent first. Values
    /// that compare equal are one. Fields that hold instants have none.
    pub fn facets(&self, field: &Field, within: &RoaringBitmap, limit: usize) -> Vec<Facet> {
        let Some(column) = self.column(field) else { return Vec::new() };
        let mut facets: Vec<_> =
            column.tally(within).into_values().map(|(value, count)| Facet { value, count }).collect();
        facets.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.value.cmp(&b.value)));
        facets.truncate(limit);
        facets
    }

    /// The tags within a result and how many contacts have each, in no order.
    pub fn tag_counts<'a>(&'a self, within: &'a RoaringBitmap) -> impl Iterator<Item = (&'a LabelKey, u64)> + 'a {
        self.tags.iter().map(|(tag, who)| (tag, who.intersection_len(within))).filter(|(_, count)| *count > 0)
    }

    /// Topics and states within a result and how many contacts are in each, in no order.
    pub fn topic_counts<'a>(
        &'a self,
        within: &'a RoaringBitmap,
    ) -> impl Iterator<Item = (&'a (LabelKey, TopicState), u64)> + 'a {
        self.topics.iter().map(|(topic, who)| (topic, who.intersection_len(within))).filter(|(_, count)| *count > 0)
    }

    /// How many contacts within a result have a value of the field.
    pub fn holders(&self, field: &Field, within: &RoaringBitmap) -> u64 {
        self.column(field).map_or(0, |column| column.present(within).len())
    }

    /// Gives everybody with the tag `from` the tag `into` instead.
    pub fn merge_tag(&mut self, into: &LabelKey, from: &LabelKey) {
        if let Some(who) = self.tags.remove(from) {
            *self.tags.entry(into.clone()).or_default() |= who;
        }
    }

    /// How many contacts within a result are in the topic with the state.
    pub fn topic_count(&self, topic: &LabelKey, state: TopicState, within: &RoaringBitmap) -> u64 {
        self.topics.get(&(topic.clone(), state)).map_or(0, |who| who.intersection_len(within))
    }
}
