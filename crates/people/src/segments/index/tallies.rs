//! What happened in a span of days, added up for reports: per day, and per campaign.

use std::collections::{BTreeMap, HashMap};

use kernel::{CampaignId, Timestamp};
use roaring::RoaringBitmap;

use super::Index;
use crate::segments::conditions::{CampaignKey, EventClass, EventKind};

/// What happened on one UTC day. People who were erased since are in none of the figures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct DayTally {
    /// Contacts that came to be.
    pub created: u64,
    /// People who joined a topic.
    pub joined: u64,
    /// People who unsubscribed or complained.
    pub left: u64,
    /// People from whom a message came back.
    pub bounced: u64,
}

/// What happened with one campaign, in people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct CampaignTally {
    /// To whom a message was handed over.
    pub sent: u64,
    /// From whom it came back.
    pub bounced: u64,
    /// Who opened it, machines left out.
    pub opened: u64,
    /// Who clicked, machines left out.
    pub clicked: u64,
    /// Who unsubscribed by it.
    pub unsubscribed: u64,
    /// Who reported it as spam.
    pub complained: u64,
}

/// The figures of a span.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies {
    /// By day number (days since 1970-01-01), every day of the span.
    pub days: BTreeMap<i32, DayTally>,
    /// By campaign, those in which anything happened.
    pub campaigns: BTreeMap<CampaignId, CampaignTally>,
}

/// What happened with a campaign in one hour: messages, not people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HourTally {
    /// Handed over.
    pub sent: u64,
    /// Came back.
    pub bounced: u64,
}

impl Index {
    /// How many messages of a campaign left and came back in each hour, by the number of the hour since 1970.
    pub fn hours(&self, campaign: CampaignId) -> BTreeMap<i64, HourTally> {
        let mut out: BTreeMap<i64, HourTally> = BTreeMap::new();
        let Some(code) = self.events.code(&CampaignKey::Id(campaign)) else { return out };
        for kind in [EventKind::Sent, EventKind::Bounced] {
            self.events.instants(kind, EventClass::Human, code, |at| {
                let tally = out.entry(at.div_euclid(3600 * Timestamp::SECOND)).or_default();
                if kind == EventKind::Sent {
                    tally.sent += 1;
                } else {
                    tally.bounced += 1;
                }
            });
        }
        out
    }

    /// Adds up the days `first..=last` in one pass over their events.
    pub fn tallies(&self, first: i32, last: i32) -> Tallies {
        let mut days: BTreeMap<i32, DayTally> = (first..=last).map(|day| (day, DayTally::default())).collect();
        for at in self.all.iter().filter_map(|number| self.created.get(number)) {
            if let Some(day) = days.get_mut(&Timestamp(at).day()) {
                day.created += 1;
            }
        }
        for (number, day) in &mut days {
            let who = |kind| self.events.on_day(kind, EventClass::Human, *number);
            day.joined = who(EventKind::Joined).map_or(0, RoaringBitmap::len);
            day.bounced = who(EventKind::Bounced).map_or(0, RoaringBitmap::len);
            day.left = match (who(EventKind::Unsubscribed), who(EventKind::Complained)) {
                (Some(left), Some(complained)) => left.union_len(complained),
                (some, other) => some.or(other).map_or(0, RoaringBitmap::len),
            };
        }
        Tallies { days, campaigns: self.campaign_tallies(first, last) }
    }

    fn campaign_tallies(&self, first: i32, last: i32) -> BTreeMap<CampaignId, CampaignTally> {
        let mut out: BTreeMap<CampaignId, CampaignTally> = BTreeMap::new();
        for kind in EventKind::ALL {
            let mut people: HashMap<u32, RoaringBitmap> = HashMap::new();
            self.events.each(*kind, EventClass::Human, (first, last), |contact, campaign| {
                people.entry(campaign).or_default().insert(contact);
            });
            for (code, who) in people {
                let Some(CampaignKey::Id(id)) = self.events.campaign(code) else { continue };
                let tally = out.entry(*id).or_default();
                match kind {
                    EventKind::Sent => tally.sent = who.len(),
                    EventKind::Bounced => tally.bounced = who.len(),
                    EventKind::Opened => tally.opened = who.len(),
                    EventKind::Clicked => tally.clicked = who.len(),
                    EventKind::Unsubscribed => tally.unsubscribed = who.len(),
                    EventKind::Complained => tally.complained = who.len(),
                    EventKind::Delivered | EventKind::Joined => {}
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use kernel::ContactId;

    use super::*;
    use crate::segments::document::{ContactDoc, ContactEvent};

    #[test]
    fn days_and_campaigns_count_people_once() {
        let mut index = Index::default();
        for number in 1..=3u8 {
            let doc = ContactDoc { created_at: Some(Timestamp(Timestamp::DAY)), ..ContactDoc::default() };
            index.upsert(ContactId([number; 16]), &doc);
        }
        let campaign = CampaignId([7; 16]);
        let mut happens = |person: u8, kind, class, day: i64| {
            let event = ContactEvent {
                kind,
                class,
                campaign: Some(CampaignKey::Id(campaign)),
                at: Timestamp(day * Timestamp::DAY + i64::from(person)),
            };
            index.event(ContactId([person; 16]), &event);
        };
        happens(1, EventKind::Sent, EventClass::Human, 1);
        happens(1, EventKind::Opened, EventClass::Human, 1);
        happens(1, EventKind::Opened, EventClass::Human, 2);
        happens(2, EventKind::Opened, EventClass::Machine, 2);
        happens(2, EventKind::Unsubscribed, EventClass::Human, 2);
        happens(2, EventKind::Complained, EventClass::Human, 2);
        happens(3, EventKind::Joined, EventClass::Human, 9);
        let found = index.tallies(1, 3);
        assert_eq!(found.days[&1], DayTally { created: 3, ..DayTally::default() });
        assert_eq!(found.days[&2].left, 1);
        assert_eq!(found.days.len(), 3, "a day without anything is a day");
        let expected = CampaignTally { sent: 1, opened: 1, unsubscribed: 1, complained: 1, ..CampaignTally::default() };
        assert_eq!(found.campaigns[&campaign], expected);
    }
}
