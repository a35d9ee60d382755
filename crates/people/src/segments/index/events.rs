//! What happened to whom, by kind, class and UTC day.

use std::collections::{BTreeMap, HashMap};

use kernel::Timestamp;
use roaring::{MultiOps, RoaringBitmap};

use super::bits::{Bits, scan};
use crate::segments::conditions::{CampaignKey, EventClass, EventCondition, EventKind};
use crate::segments::document::ContactEvent;

/// Every event of the workspace.
#[derive(Default)]
pub(super) struct Events {
    lanes: HashMap<(EventKind, EventClass), Lane>,
    /// Codes of campaigns, from 1; 0 stands for none.
    campaigns: HashMap<CampaignKey, u32>,
}

/// The events of one kind and class.
#[derive(Default)]
struct Lane {
    /// Who ever had one.
    ever: RoaringBitmap,
    days: BTreeMap<i32, Day>,
}

/// The events of one day: the set of contacts, and every event in columns, the first `ordered` of them
/// by contact, so that the events of one are found without a look at all.
#[derive(Default)]
struct Day {
    who: RoaringBitmap,
    contacts: Vec<u32>,
    times: Vec<i64>,
    campaigns: Vec<u32>,
    ordered: usize,
}

/// How many events of a day may lie in no order at least.
const UNORDERED: usize = 4096;

/// What of a lane counts: instants `from..to`, and the campaign's code if only one.
#[derive(Clone, Copy)]
struct Choice {
    from: i64,
    to: i64,
    campaign: Option<u32>,
}

impl Choice {
    /// Whether every event of the day counts.
    const fn takes_all_of(self, day: i32) -> bool {
        let start = day as i64 * Timestamp::DAY;
        self.campaign.is_none() && self.from <= start && start + Timestamp::DAY <= self.to
    }
}

impl Day {
    fn each(&self, choice: Choice, mut visit: impl FnMut(u32)) {
        for ((&contact, &at), &campaign) in self.contacts.iter().zip(&self.times).zip(&self.campaigns) {
            let counts = choice.campaign.is_none_or(|code| code == campaign);
            if counts && choice.from <= at && at < choice.to {
                visit(contact);
            }
        }
    }

    fn push(&mut self, contact: u32, at: i64, campaign: u32) {
        self.who.insert(contact);
        let in_order = self.ordered == self.contacts.len() && self.contacts.last().is_none_or(|last| *last <= contact);
        self.contacts.push(contact);
        self.times.push(at);
        self.campaigns.push(campaign);
        if in_order {
            self.ordered += 1;
        } else if self.contacts.len() - self.ordered > UNORDERED.max(self.ordered / 64) {
            self.order();
        }
    }

    fn order(&mut self) {
        let columns = self.contacts.iter().zip(&self.times).zip(&self.campaigns);
        let mut rows: Vec<(u32, i64, u32)> =
            columns.map(|((contact, at), campaign)| (*contact, *at, *campaign)).collect();
        rows.sort_by_key(|row| row.0);
        for (place, (contact, at, campaign)) in rows.into_iter().enumerate() {
            (self.contacts[place], self.times[place], self.campaigns[place]) = (contact, at, campaign);
        }
        self.ordered = self.contacts.len();
    }

    /// The contact's rows within the ordered part.
    fn ordered_rows(&self, contact: u32) -> std::ops::Range<usize> {
        let ordered = &self.contacts[..self.ordered];
        ordered.partition_point(|other| *other < contact)..ordered.partition_point(|other| *other <= contact)
    }

    fn contains(&self, contact: u32, at: i64, campaign: u32) -> bool {
        let same =
            |row: usize| self.contacts[row] == contact && self.times[row] == at && self.campaigns[row] == campaign;
        self.who.contains(contact)
            && (self.ordered_rows(contact).any(same) || (self.ordered..self.contacts.len()).any(same))
    }

    fn remove(&mut self, contact: u32) {
        if !self.who.remove(contact) {
            return;
        }
        for row in (self.ordered..self.contacts.len()).rev() {
            if self.contacts[row] == contact {
                self.contacts.swap_remove(row);
                self.times.swap_remove(row);
                self.campaigns.swap_remove(row);
            }
        }
        let rows = self.ordered_rows(contact);
        self.ordered -= rows.len();
        self.contacts.drain(rows.clone());
        self.times.drain(rows.clone());
        self.campaigns.drain(rows);
    }
}

impl Lane {
    /// The days that the choice touches.
    fn days(&self, choice: Choice) -> impl Iterator<Item = (i32, &Day)> {
        let (first, last) = (Timestamp(choice.from).day(), Timestamp(choice.to.saturating_sub(1)).day());
        self.days.range(first..=last.max(first)).map(|(day, rows)| (*day, rows))
    }

    /// Everyone with at least one event of the choice.
    fn some(&self, choice: Choice, len: usize) -> RoaringBitmap {
        if choice.campaign.is_none() && choice.from == i64::MIN && choice.to == i64::MAX {
            return self.ever.clone();
        }
        let mut edges = Bits::new(len);
        let whole = self.days(choice).filter_map(|(day, rows)| {
            if choice.takes_all_of(day) {
                return Some(&rows.who);
            }
            rows.each(choice, |contact| edges.set(contact));
            None
        });
        let whole = whole.union();
        whole | edges.into_bitmap()
    }

    fn count(&self, choice: Choice, counts: &mut [u16]) {
        for (day, rows) in self.days(choice) {
            let mut add = |contact: u32| {
                let count = &mut counts[contact as usize];
                *count = count.saturating_add(1);
            };
            if choice.takes_all_of(day) {
                rows.contacts.iter().for_each(|&contact| add(contact));
            } else {
                rows.each(choice, add);
            }
        }
    }
}

impl Events {
    /// Adds an event.
    pub(super) fn push(&mut self, contact: u32, event: &ContactEvent) {
        let campaign = event.campaign.as_ref().map_or(0, |key| self.intern(key));
        let lane = self.lanes.entry((event.kind, event.class)).or_default();
        lane.ever.insert(contact);
        lane.days.entry(event.at.day()).or_default().push(contact, event.at.0, campaign);
    }

    fn intern(&mut self, key: &CampaignKey) -> u32 {
        if let Some(&code) = self.campaigns.get(key) {
            return code;
        }
        let code = self.campaigns.len() as u32 + 1;
        self.campaigns.insert(key.clone(), code);
        code
    }

    /// Whether an equal event of the contact is there.
    pub(super) fn contains(&self, contact: u32, event: &ContactEvent) -> bool {
        let Some(campaign) = event.campaign.as_ref().map_or(Some(0), |key| self.campaigns.get(key).copied()) else {
            return false;
        };
        let lane = self.lanes.get(&(event.kind, event.class));
        let day = lane.and_then(|lane| lane.days.get(&event.at.day()));
        day.is_some_and(|day| day.contains(contact, event.at.0, campaign))
    }

    /// Forgets every event of a contact.
    pub(super) fn remove(&mut self, contact: u32) {
        for lane in self.lanes.values_mut() {
            if lane.ever.remove(contact) {
                lane.days.retain(|_, day| {
                    day.remove(contact);
                    !day.contacts.is_empty()
                });
            }
        }
    }

    /// The contacts of `within` that meet the condition; `len` is above every contact number.
    pub(super) fn select(
        &self,
        condition: &EventCondition,
        within: &RoaringBitmap,
        len: usize,
        now: Timestamp,
    ) -> RoaringBitmap {
        let (low, high) = condition.count.range();
        let nobody = || if low == 0 { within.clone() } else { RoaringBitmap::new() };
        let (from, to) = condition.window(now);
        let campaign = condition.campaign.as_ref().map(|key| self.campaigns.get(key).copied());
        if from >= to || campaign == Some(None) {
            return nobody();
        }
        let choice = Choice { from, to, campaign: campaign.flatten() };
        let classes = EventClass::ALL.iter().filter(|class| condition.counts(**class));
        let lanes = classes.filter_map(|class| self.lanes.get(&(condition.kind, *class)));
        if (low, high) == (1, u16::MAX) || high == 0 {
            let some = lanes.map(|lane| lane.some(choice, len)).union();
            return if high == 0 { within - some } else { some & within };
        }
        let mut counts = vec![0u16; len];
        lanes.for_each(|lane| lane.count(choice, &mut counts));
        scan(within, len, |row| (low..=high).contains(&counts[row]))
    }

    /// Who had an event of this kind and class on a day.
    pub(super) fn on_day(&self, kind: EventKind, class: EventClass, day: i32) -> Option<&RoaringBitmap> {
        Some(&self.lanes.get(&(kind, class))?.days.get(&day)?.who)
    }

    /// Visits contact and campaign code of every event of this kind and class on the days `first..=last`.
    pub(super) fn each(
        &self,
        kind: EventKind,
        class: EventClass,
        (first, last): (i32, i32),
        mut visit: impl FnMut(u32, u32),
    ) {
        let Some(lane) = self.lanes.get(&(kind, class)).filter(|_| first <= last) else { return };
        for rows in lane.days.range(first..=last).map(|(_, rows)| rows) {
            rows.contacts.iter().zip(&rows.campaigns).for_each(|(&contact, &campaign)| visit(contact, campaign));
        }
    }

    /// The code of a campaign.
    pub(super) fn code(&self, campaign: &CampaignKey) -> Option<u32> {
        self.campaigns.get(campaign).copied()
    }

    /// Visits the instants of a campaign's events of this kind and class, in microseconds.
    pub(super) fn instants(&self, kind: EventKind, class: EventClass, campaign: u32, mut visit: impl FnMut(i64)) {
        let Some(lane) = self.lanes.get(&(kind, class)) else { return };
        for rows in lane.days.values() {
            let events = rows.times.iter().zip(&rows.campaigns).filter(|(_, code)| **code == campaign);
            events.for_each(|(at, _)| visit(*at));
        }
    }

    /// The campaign behind a code.
    pub(super) fn campaign(&self, code: u32) -> Option<&CampaignKey> {
        self.campaigns.iter().find(|(_, known)| **known == code).map(|(key, _)| key)
    }

    /// Whether there is no event.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.lanes.values().all(|lane| lane.ever.is_empty() && lane.days.is_empty())
    }

    pub(super) fn shrink_to_fit(&mut self) {
        for day in self.lanes.values_mut().flat_map(|lane| lane.days.values_mut()) {
            day.contacts.shrink_to_fit();
            day.times.shrink_to_fit();
            day.campaigns.shrink_to_fit();
        }
    }

    /// Bytes held, roughly.
    pub(super) fn memory(&self) -> usize {
        let day = |day: &Day| 16 * day.contacts.capacity() + day.who.serialized_size();
        let lane = |lane: &Lane| lane.ever.serialized_size() + lane.days.values().map(day).sum::<usize>();
        self.lanes.values().map(lane).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(day: &Day) -> Vec<(u32, i64, u32)> {
        let columns = day.contacts.iter().zip(&day.times).zip(&day.campaigns);
        let mut rows: Vec<_> = columns.map(|((contact, at), campaign)| (*contact, *at, *campaign)).collect();
        rows.sort_unstable();
        rows
    }

    proptest! {
        #[test]
        fn a_day_holds_what_was_pushed_and_not_removed(
            steps in proptest::collection::vec((0u32..40, 0i64..4, any::<bool>()), 0..400),
            sorts in 1usize..50,
        ) {
            let (mut day, mut plain) = (Day::default(), Vec::new());
            for (number, (contact, at, removes)) in steps.into_iter().enumerate() {
                if removes && number % 5 == 0 {
                    day.remove(contact);
                    plain.retain(|row: &(u32, i64, u32)| row.0 != contact);
                } else {
                    prop_assert_eq!(day.contains(contact, at, 7), plain.contains(&(contact, at, 7)));
                    day.push(contact, at, 7);
                    plain.push((contact, at, 7));
                }
                if number % sorts == 0 {
                    day.order();
                }
                prop_assert!(day.contacts[..day.ordered].is_sorted());
            }
            plain.sort_unstable();
            prop_assert_eq!(rows(&day), plain);
        }
    }
}
