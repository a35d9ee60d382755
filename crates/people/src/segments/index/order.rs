//! People in an order, page by page. Nothing is kept sorted: a page is the few nearest of a result behind a
//! place, found in one pass, so that any sort costs memory for one page and every answer is of this moment.

use std::cmp::Ordering;

use kernel::{ContactId, Timestamp};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use super::Index;
use super::column::Column;
use crate::segments::conditions::{StandardField, TopicState};

/// By what people are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// When the contact came to be.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// When the person last did something.
    LastActivityAt,
    /// Given name, then family name, folded.
    Name,
    /// The address, folded.
    Email,
    /// The organisation, folded.
    Company,
}

impl Sort {
    /// Every one there is.
    pub const ALL: [Self; 6] =
        [Self::CreatedAt, Self::UpdatedAt, Self::LastActivityAt, Self::Name, Self::Email, Self::Company];

    /// The name as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::LastActivityAt => "last_activity_at",
            Self::Name => "name",
            Self::Email => "email",
            Self::Company => "company",
        }
    }

    /// Whether it orders by instants (the others by text).
    pub const fn is_instant(self) -> bool {
        matches!(self, Self::CreatedAt | Self::UpdatedAt | Self::LastActivityAt)
    }
}

/// What somebody is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Key<T> {
    Instant(i64),
    Texts(T, T),
}

/// A place in an order: somebody's value and id. It stays a place when the person goes. Holds personal
/// values; callers see it sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    key: Option<Key<String>>,
    id: [u8; 16],
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[pii]")
    }
}

/// Where somebody stands. Whoever has no value comes last in both directions; equal values go by id.
#[derive(Clone, Copy)]
struct Stand<'a> {
    key: Option<Key<&'a str>>,
    id: ContactId,
    number: u32,
}

/// Which part of an order is wanted.
#[derive(Debug, Clone)]
pub struct Slice {
    /// By what.
    pub sort: Sort,
    /// The greatest value first.
    pub descending: bool,
    /// Where to begin: behind this place, or before it when going back; at the start when absent.
    pub from: Option<Place>,
    /// Whether the page lies before the place.
    pub back: bool,
    /// How many.
    pub limit: usize,
}

/// A page of an order.
#[derive(Debug, Clone, Default)]
pub struct Ordered {
    /// Who, in order, with the instant of their last activity.
    pub people: Vec<(ContactId, Option<Timestamp>)>,
    /// The place of the first, when there is somebody before.
    pub first: Option<Place>,
    /// The place of the last, when there is somebody behind.
    pub last: Option<Place>,
}

/// Somebody's standing in topics as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// In one topic or more.
    Subscribed,
    /// In none, and asked to confirm one.
    Pending,
    /// Left every topic.
    Unsubscribed,
    /// Never in a topic.
    None,
}

impl Standing {
    /// Every one there is.
    pub const ALL: [Self; 4] = [Self::Subscribed, Self::Pending, Self::Unsubscribed, Self::None];

    /// The code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Subscribed => "subscribed",
            Self::Pending => "pending",
            Self::Unsubscribed => "unsubscribed",
            Self::None => "none",
        }
    }
}

/// Value and id, all that an order looks at.
type Ranked<'a> = (Option<Key<&'a str>>, ContactId);

fn compare(a: Ranked<'_>, b: Ranked<'_>, slice: &Slice) -> Ordering {
    let turned = |order: Ordering| if slice.descending { order.reverse() } else { order };
    let by_key = match (&a.0, &b.0) {
        (Some(a), Some(b)) => turned(a.cmp(b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    };
    let order = by_key.then_with(|| turned(a.1.cmp(&b.1)));
    if slice.back { order.reverse() } else { order }
}

impl Place {
    fn ranked(&self) -> Ranked<'_> {
        let key = self.key.as_ref().map(|key| match key {
            Key::Instant(at) => Key::Instant(*at),
            Key::Texts(a, b) => Key::Texts(a.as_str(), b.as_str()),
        });
        (key, ContactId(self.id))
    }
}

impl Stand<'_> {
    fn compare(&self, other: &Self, slice: &Slice) -> Ordering {
        compare((self.key, self.id), (other.key, other.id), slice)
    }

    fn place(&self) -> Place {
        let key = self.key.map(|key| match key {
            Key::Instant(at) => Key::Instant(at),
            Key::Texts(a, b) => Key::Texts(a.to_owned(), b.to_owned()),
        });
        Place { key, id: self.id.0 }
    }
}

/// Keeps the nearest of those it is shown, in any order, without keeping many.
struct Nearest<'a, 's> {
    limit: usize,
    held: Vec<Stand<'a>>,
    /// Nobody behind this one is of interest any more.
    bound: Option<Stand<'a>>,
    slice: &'s Slice,
}

impl<'a> Nearest<'a, '_> {
    fn show(&mut self, stand: Stand<'a>) {
        if self.bound.is_some_and(|bound| stand.compare(&bound, self.slice) == Ordering::Greater) {
            return;
        }
        self.held.push(stand);
        if self.held.len() >= 2 * self.limit.max(32) {
            self.shrink();
        }
    }

    fn shrink(&mut self) {
        if self.held.len() > self.limit {
            let slice = self.slice;
            let (_, last, _) = self.held.select_nth_unstable_by(self.limit - 1, |a, b| a.compare(b, slice));
            self.bound = Some(*last);
            self.held.truncate(self.limit);
        }
    }

    fn finish(mut self) -> Vec<Stand<'a>> {
        self.shrink();
        let slice = self.slice;
        self.held.sort_unstable_by(|a, b| a.compare(b, slice));
        self.held
    }
}

impl Index {
    fn text(&self, field: StandardField, number: u32) -> Option<&str> {
        self.standard.get(&field).and_then(|column: &Column| column.text(number))
    }

    fn stand(&self, sort: Sort, number: u32) -> Stand<'_> {
        let text = |field| self.text(field, number).map(|text| Key::Texts(text, ""));
        let key = match sort {
            Sort::CreatedAt => self.created.get(number).map(Key::Instant),
            Sort::UpdatedAt => self.updated.get(number).map(Key::Instant),
            Sort::LastActivityAt => self.active.get(number).map(Key::Instant),
            Sort::Email => text(StandardField::Email),
            Sort::Company => text(StandardField::Company),
            Sort::Name => {
                let first = self.text(StandardField::FirstName, number);
                let last = self.text(StandardField::LastName, number);
                match (first, last) {
                    (None, None) => None,
                    (first, last) => {
                        let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
                        Some(if first.is_empty() { Key::Texts(last, "") } else { Key::Texts(first, last) })
                    }
                }
            }
        };
        Stand { key, id: self.ids[number as usize], number }
    }

    /// A page of a result in an order. Whoever is in the result all the time is met exactly once on a walk from
    /// page to page, whoever comes or goes meanwhile.
    pub fn ordered(&self, who: &RoaringBitmap, slice: &Slice) -> Ordered {
        let from = slice.from.as_ref().map(Place::ranked);
        let mut nearest = Nearest { limit: slice.limit + 1, held: Vec::new(), bound: None, slice };
        let mut others = false;
        let mut look = |number: u32| {
            let stand = self.stand(slice.sort, number);
            if from.is_some_and(|from| compare((stand.key, stand.id), from, slice) != Ordering::Greater) {
                others = true;
            } else {
                nearest.show(stand);
            }
        };
        // Numbers grow with time, mostly: going through them from the right end meets the nearest early.
        if slice.sort.is_instant() && slice.descending != slice.back {
            who.iter().rev().for_each(&mut look);
        } else {
            who.iter().for_each(&mut look);
        }
        let mut page = nearest.finish();
        let more = page.len() > slice.limit;
        page.truncate(slice.limit);
        if slice.back {
            page.reverse();
        }
        let (before, behind) = if slice.back { (more, others) } else { (others, more) };
        Ordered {
            first: page.first().filter(|_| before).map(Stand::place),
            last: page.last().filter(|_| behind).map(Stand::place),
            people: page.iter().map(|stand| (stand.id, self.active.get(stand.number).map(Timestamp))).collect(),
        }
    }

    /// Those of `within` who stand so in topics as a whole.
    pub fn standing(&self, standing: Standing, within: &RoaringBitmap) -> RoaringBitmap {
        let of = |state: TopicState| {
            let mut who = RoaringBitmap::new();
            self.topics.iter().filter(|((_, held), _)| *held == state).for_each(|(_, members)| who |= members);
            who
        };
        let subscribed = of(TopicState::Subscribed);
        if standing == Standing::Subscribed {
            return subscribed & within;
        }
        let pending = of(TopicState::Pending) - &subscribed;
        if standing == Standing::Pending {
            return pending & within;
        }
        let left = of(TopicState::Unsubscribed) - &subscribed - &pending;
        match standing {
            Standing::Unsubscribed => left & within,
            _ => within - (subscribed | pending | left),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::segments::document::ContactDoc;

    fn doc(first: &str, day: i64) -> ContactDoc {
        let mut doc = ContactDoc { created_at: Some(Timestamp(day)), ..ContactDoc::default() };
        if !first.is_empty() {
            doc.set(StandardField::FirstName, first);
        }
        doc
    }

    fn id(number: u8) -> ContactId {
        ContactId([number; 16])
    }

    /// Walks from end to end; before each further page somebody comes and somebody goes.
    fn walk(index: &mut Index, mut slice: Slice, changes: &[(u8, bool)]) -> Vec<ContactId> {
        let (mut met, mut changes) = (Vec::new(), changes.iter());
        loop {
            let page = index.ordered(&index.all.clone(), &slice);
            let (people, next) = (page.people, if slice.back { page.first } else { page.last });
            if slice.back {
                met.splice(0..0, people.iter().map(|person| person.0));
            } else {
                met.extend(people.iter().map(|person| person.0));
            }
            match next {
                Some(place) => slice.from = Some(place),
                None => return met,
            }
            if let Some((number, comes)) = changes.next() {
                if *comes {
                    index.upsert(id(*number), &doc("new", i64::from(*number)));
                } else {
                    index.remove(id(*number));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_walk_meets_everyone_once_whoever_comes_and_goes(
            people in proptest::collection::btree_map(0u8..100, ("(|a|b|ب|Ç)", 0i64..4), 0..60),
            changes in proptest::collection::vec((100u8..120, any::<bool>()), 0..10),
            limit in 1usize..9,
            (sort, descending, back) in (0usize..3, any::<bool>(), any::<bool>()),
        ) {
            let mut index = Index::default();
            for (number, (first, at)) in &people {
                index.upsert(id(*number), &doc(first, *at));
            }
            for number in 100..110 {
                index.upsert(id(number), &doc("gone", 2));
            }
            let sort = [Sort::CreatedAt, Sort::Name, Sort::LastActivityAt][sort];
            let slice = Slice { sort, descending, from: None, back, limit };
            let still = index.ordered(&index.all.clone(), &Slice { limit: 1000, back: false, ..slice.clone() });
            let met = walk(&mut index, slice.clone(), &changes);
            // Who is changed meanwhile stands elsewhere afterwards; everybody else is met once.
            for number in people.keys() {
                prop_assert_eq!(met.iter().filter(|met| **met == id(*number)).count(), 1);
            }
            if changes.is_empty() {
                let whole: Vec<_> = still.people.iter().map(|person| person.0).collect();
                prop_assert_eq!(whole, met, "pages are parts of one order");
            }
        }

        #[test]
        fn every_one_stands_somewhere(states in proptest::collection::vec((0u8..30, 0usize..3, 0u8..3), 0..60)) {
            let mut index = Index::default();
            let mut docs: std::collections::BTreeMap<u8, ContactDoc> = (0..30).map(|n| (n, doc("x", 1))).collect();
            for (number, state, topic) in states {
                let topics = &mut docs.get_mut(&number).unwrap().topics;
                let key = crate::segments::conditions::LabelKey::new(&topic.to_string());
                if topics.iter().all(|known| known.0 != key) {
                    topics.push((key, TopicState::ALL[state]));
                }
            }
            for (number, doc) in &docs {
                index.upsert(id(*number), doc);
            }
            let all = index.all.clone();
            let sizes: u64 = Standing::ALL.iter().map(|standing| index.standing(*standing, &all).len()).sum();
            prop_assert_eq!(sizes, all.len());
        }
    }

    #[test]
    fn who_has_no_value_comes_last_in_both_directions() {
        let mut index = Index::default();
        for (number, first) in [(1, "Zoë"), (2, ""), (3, "أحمد"), (4, "Anna")] {
            index.upsert(id(number), &doc(first, 0));
        }
        let names = |descending| {
            let slice = Slice { sort: Sort::Name, descending, from: None, back: false, limit: 9 };
            let page = index.ordered(&index.all, &slice);
            assert!(page.first.is_none() && page.last.is_none());
            page.people.iter().map(|person| person.0.0[0]).collect::<Vec<_>>()
        };
        assert_eq!(names(false), [4, 1, 3, 2]);
        assert_eq!(names(true), [3, 1, 4, 2]);
    }
}
