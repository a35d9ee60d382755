//! The audience as a table: one page of a filter in an order, and how many there are.

use std::collections::BTreeMap;

use kernel::{CampaignId, ContactId};
use roaring::RoaringBitmap;
use store::Ctx;

use super::{Live, SEARCH_BUDGET};
use crate::Result;
use crate::segments::conditions::{Field, TopicState, Where};
use crate::segments::index::{HourTally, Index, Ordered, Slice, Standing, Tallies};

/// Who is wanted.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Who meets this …
    pub condition: Where,
    /// … and whose name, organisation, address or number has these words …
    pub words: Option<String>,
    /// … and who stands so in topics.
    pub standing: Option<Standing>,
}

impl Filter {
    /// Who meets a condition.
    pub const fn of(condition: Where) -> Self {
        Self { condition, words: None, standing: None }
    }

    /// Those of `who` whom words and standing let through, and whether all were looked at.
    fn narrow(&self, index: &Index, mut who: RoaringBitmap) -> (RoaringBitmap, bool) {
        if let Some(standing) = self.standing {
            who = index.standing(standing, &who);
        }
        let Some(words) = &self.words else { return (who, true) };
        let complete = who.len() <= SEARCH_BUDGET;
        who.remove_smallest(who.len().saturating_sub(SEARCH_BUDGET));
        (index.with_words(words, who), complete)
    }
}

/// A page of the table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The page.
    pub page: Ordered,
    /// How many the filter lets through.
    pub total: u64,
    /// Whether everybody was looked at; `false` when the budget of a search ended before.
    pub complete: bool,
    /// Microseconds it took, by the injected clock.
    pub micros: u64,
}

/// How many people have a tag, a field's value, or stand somewhere in a topic.
#[derive(Debug, Clone, Default)]
pub struct Holders {
    /// By the id of a tag.
    pub tags: BTreeMap<String, u64>,
    /// By the id of a topic and state.
    pub topics: BTreeMap<(String, TopicState), u64>,
    /// By the name of a field.
    pub fields: BTreeMap<String, u64>,
}

impl Live {
    /// A page of the people whom a filter lets through.
    ///
    /// # Errors
    /// As [`Live::count`].
    pub async fn table(&self, ctx: &Ctx, filter: Filter, slice: Slice) -> Result<Table> {
        let condition = filter.condition.clone();
        let answer = move |index: &Index, who: RoaringBitmap| {
            let (who, complete) = filter.narrow(index, who);
            (index.ordered(&who, &slice), who.len(), complete)
        };
        let ((page, total, complete), micros) = self.ask(ctx, Some(&condition), answer).await?;
        Ok(Table { page, total, complete, micros })
    }

    /// Everybody whom a filter lets through, by id.
    ///
    /// # Errors
    /// As [`Live::count`].
    pub async fn everybody(&self, ctx: &Ctx, filter: Filter) -> Result<Vec<ContactId>> {
        let condition = filter.condition.clone();
        let answer = move |index: &Index, who: RoaringBitmap| {
            let mut ids: Vec<ContactId> = index.contacts(&filter.narrow(index, who).0).collect();
            ids.sort_unstable();
            ids
        };
        Ok(self.ask(ctx, Some(&condition), answer).await?.0)
    }

    /// How many people are in the audience at all.
    ///
    /// # Errors
    /// `index_building`.
    pub async fn size(&self, ctx: &Ctx) -> Result<u64> {
        Ok(self.ask(ctx, None, |_, who| who.len()).await?.0)
    }

    /// How many people have each tag, each of `fields`, and stand where in each topic.
    ///
    /// # Errors
    /// `index_building`.
    pub async fn holders(&self, ctx: &Ctx, fields: Vec<Field>) -> Result<Holders> {
        let answer = move |index: &Index, who: RoaringBitmap| Holders {
            tags: index.tag_counts(&who).map(|(tag, count)| (tag.as_str().to_owned(), count)).collect(),
            topics: index
                .topic_counts(&who)
                .map(|((topic, state), count)| ((topic.as_str().to_owned(), *state), count))
                .collect(),
            fields: fields.iter().map(|field| (field.to_string(), index.holders(field, &who))).collect(),
        };
        Ok(self.ask(ctx, None, answer).await?.0)
    }

    /// How many messages of a campaign left and came back in each hour, by the number of the hour since 1970.
    ///
    /// # Errors
    /// `index_building`.
    pub async fn campaign_hours(&self, ctx: &Ctx, campaign: CampaignId) -> Result<BTreeMap<i64, HourTally>> {
        Ok(self.ask(ctx, None, move |index, _| index.hours(campaign)).await?.0)
    }

    /// What happened on the days `first..=last`, and how many people are subscribed now.
    ///
    /// # Errors
    /// `index_building`.
    pub async fn tallies(&self, ctx: &Ctx, first: i32, last: i32) -> Result<(Tallies, u64)> {
        let answer = move |index: &Index, who: RoaringBitmap| {
            (index.tallies(first, last), index.standing(Standing::Subscribed, &who).len())
        };
        Ok(self.ask(ctx, None, answer).await?.0)
    }
}
