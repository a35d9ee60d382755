//! What reports are made of: days, campaigns, receivers.

use std::collections::BTreeMap;

use kernel::{CampaignId, Date, PageRequest};
use outbound::receivers::{self, Fared};
use people::segments::index::{CampaignTally, DayTally};
use store::Ctx;

use crate::v1::prelude::*;

/// The longest span, in days.
const MAX_DAYS: i32 = 366;
/// The span when none is asked for, in days.
const DAYS: i32 = 30;
/// The most campaigns that are told.
const MAX_CAMPAIGNS: u32 = 100;

/// Which span is wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SpanQuery {
    /// The first day, UTC; thirty days back when absent.
    #[param(value_type = Option<String>, format = Date)]
    pub(super) from: Option<Date>,
    /// The last day, UTC; today when absent.
    #[param(value_type = Option<String>, format = Date)]
    pub(super) to: Option<Date>,
    /// `previous` puts the same number of days before beside it.
    pub(super) compare: Option<String>,
    /// Which table, for CSV: `audience` (when absent), `campaigns` or `deliverability`.
    pub(super) part: Option<String>,
}

/// Days since 1970, the last one included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) first: i32,
    pub(super) last: i32,
}

fn number(day: Date) -> Option<i32> {
    format!("{day}T00:00:00Z").parse::<Timestamp>().ok().map(Timestamp::day)
}

/// A day as reports write it.
pub(super) fn written(day: i32) -> String {
    Timestamp(i64::from(day) * Timestamp::DAY).date().to_string()
}

impl Span {
    /// The span that is asked for.
    pub(super) fn of(query: &SpanQuery, now: Timestamp) -> Result<Self, Problem> {
        let bad = |field: &str| Problem::field(field, "expected a day such as 2026-11-21");
        let last = query.to.map_or(Some(now.day()), number).ok_or_else(|| bad("to"))?;
        let first = query.from.map_or(Some(last - DAYS + 1), number).ok_or_else(|| bad("from"))?;
        if first > last {
            return Err(Problem::field("from", "is after `to`"));
        }
        if last - first >= MAX_DAYS {
            return Err(Problem::field("from", "at most 366 days at a time"));
        }
        Ok(Self { first, last })
    }

    /// As many days right before.
    pub(super) const fn before(self) -> Self {
        Self { first: self.first - (self.last - self.first) - 1, last: self.first - 1 }
    }
}

/// What happened on one day.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(super) struct AudienceDay {
    /// The day, UTC.
    #[schema(format = Date)]
    pub(super) day: String,
    #[serde(flatten)]
    pub(super) counts: AudienceCounts,
}

/// How the audience changed; people who were erased since are counted as erased alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct AudienceCounts {
    /// Contacts that came to be.
    pub(super) created: u64,
    /// People who joined a topic.
    pub(super) joined: u64,
    /// People who unsubscribed or complained.
    pub(super) left: u64,
    /// People from whom a message came back.
    pub(super) bounced: u64,
    /// People who were erased.
    pub(super) erased: u64,
}

impl AudienceCounts {
    fn of(tally: DayTally, erased: u64) -> Self {
        let DayTally { created, joined, left, bounced } = tally;
        Self { created, joined, left, bounced, erased }
    }

    fn add(&mut self, other: Self) {
        self.created += other.created;
        self.joined += other.joined;
        self.left += other.left;
        self.bounced += other.bounced;
        self.erased += other.erased;
    }
}

/// What became of one campaign in the span, in people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct CampaignLine {
    pub(super) id: String,
    pub(super) name: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) started_at: Option<Timestamp>,
    pub(super) sent: u64,
    pub(super) bounced: u64,
    /// By people who allow counting.
    pub(super) opened: u64,
    pub(super) clicked: u64,
    pub(super) unsubscribed: u64,
    pub(super) complained: u64,
}

/// How messages fared with one group of receivers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ReceiverLine {
    /// `gmail`, `outlook`, `yahoo`, `icloud`, …, or `other`, in which small groups are.
    pub(super) group: String,
    pub(super) sent: u64,
    /// Taken and not returned.
    pub(super) delivered: u64,
    pub(super) soft: u64,
    pub(super) hard: u64,
    pub(super) complaints: u64,
}

impl From<Fared> for ReceiverLine {
    fn from(one: Fared) -> Self {
        let Fared { group, sent, delivered, soft, hard, complaints } = one;
        Self { group, sent, delivered, soft, hard, complaints }
    }
}

/// The figures of a span.
pub(super) struct Figures {
    pub(super) days: Vec<AudienceDay>,
    pub(super) totals: AudienceCounts,
    pub(super) subscribed: u64,
    pub(super) campaigns: BTreeMap<CampaignId, CampaignTally>,
    pub(super) receivers: Vec<ReceiverLine>,
}

impl Figures {
    pub(super) async fn of(app: &App, ctx: &Ctx, span: Span) -> Result<Self> {
        let (tallies, subscribed) = app.live.tallies(ctx, span.first, span.last).await?;
        let erased = privacy::erasure::per_day(ctx, span.first, span.last).await?;
        let mut totals = AudienceCounts::default();
        let mut days = Vec::with_capacity(tallies.days.len());
        for (day, tally) in tallies.days {
            let counts = AudienceCounts::of(tally, erased.get(&day).copied().unwrap_or_default());
            totals.add(counts);
            days.push(AudienceDay { day: written(day), counts });
        }
        let receivers = receivers::fared(ctx, span.first, span.last).await?;
        let receivers = receivers.into_iter().map(ReceiverLine::from).collect();
        Ok(Self { days, totals, subscribed, campaigns: tallies.campaigns, receivers })
    }

    /// The campaigns in which anything happened, newest first; of the newest hundred of the workspace.
    pub(super) async fn campaign_lines(&self, ctx: &Ctx) -> Result<Vec<CampaignLine>> {
        let request = PageRequest { limit: Some(MAX_CAMPAIGNS), cursor: None };
        let known = campaigns::list(ctx, &campaigns::Wanted::default(), &request).await?.items;
        let lines = known.into_iter().filter_map(|campaign| {
            let tally = self.campaigns.get(&campaign.id)?;
            Some(CampaignLine {
                id: campaign.id.to_string(),
                name: campaign.draft.name,
                started_at: campaign.started_at,
                sent: tally.sent,
                bounced: tally.bounced,
                opened: tally.opened,
                clicked: tally.clicked,
                unsubscribed: tally.unsubscribed,
                complained: tally.complained,
            })
        });
        Ok(lines.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_bounded() {
        let now: Timestamp = "2026-11-21T09:00:00Z".parse().unwrap();
        let of = |from: Option<&str>, to: Option<&str>| {
            let day = |text: Option<&str>| text.map(|text| text.parse().unwrap());
            Span::of(&SpanQuery { from: day(from), to: day(to), ..SpanQuery::default() }, now)
        };
        let month = of(None, None).unwrap();
        assert_eq!((written(month.first), written(month.last)), ("2026-10-23".into(), "2026-11-21".into()));
        assert_eq!(written(month.before().first), "2026-09-23");
        assert_eq!(month.before().last, month.first - 1);
        assert_eq!(of(Some("2026-11-21"), Some("2026-11-21")).unwrap().before().last, now.day() - 1);
        for (from, to) in [("2026-11-22", "2026-11-21"), ("2025-11-20", "2026-11-21"), ("-009999-01-01", "2026-11-21")]
        {
            assert_eq!(of(Some(from), Some(to)).unwrap_err().fields[0].field, "from", "{from}");
        }
    }
}
