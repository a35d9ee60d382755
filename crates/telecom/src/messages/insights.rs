//! Traffic: what the messages of some days add up to.

use std::collections::BTreeMap;

use billing::Micros;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use kernel::{RawId, RouteId, Timestamp};
use store::{Ctx, Value, first_id_at, params};

use super::model::MessageState;
use crate::Result;

store::sql! {
    /// Seconds from hand-over to receipt, as the number of their class in [`WAITS`].
    CELLS = "SELECT country, network, route, originator, state,
            CAST(CASE WHEN sent_at IS NULL OR finished_at IS NULL THEN -1
                WHEN finished_at - sent_at < 1000000 THEN 0 WHEN finished_at - sent_at < 2000000 THEN 1
                WHEN finished_at - sent_at < 5000000 THEN 2 WHEN finished_at - sent_at < 10000000 THEN 3
                WHEN finished_at - sent_at < 30000000 THEN 4 WHEN finished_at - sent_at < 60000000 THEN 5
                WHEN finished_at - sent_at < 300000000 THEN 6 WHEN finished_at - sent_at < 1800000000 THEN 7
                WHEN finished_at - sent_at < 7200000000 THEN 8 WHEN finished_at - sent_at < 86400000000 THEN 9
                ELSE 10 END AS BIGINT) AS wait,
            CAST(count(*) AS BIGINT), CAST(sum(parts) AS BIGINT), CAST(COALESCE(sum(cost), 0) AS BIGINT), CAST(count(sent_at) AS BIGINT),
            CASE WHEN state = $5 THEN COALESCE(reason, rule) ELSE '' END AS refusal
        FROM sms_message WHERE workspace = $1 AND id >= $2 AND id < $3 AND trial = $4
        GROUP BY country, network, route, originator, state, wait, refusal";
    RECEIVED = "SELECT route, keyword, CAST(count(*) AS BIGINT) FROM sms_inbound
        WHERE workspace = $1 AND id >= $2 AND id < $3 GROUP BY route, keyword";
}

/// Ends of the classes of waits, in seconds; the last class has none.
const WAITS: [f64; 11] = [1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 86_400.0, 172_800.0];

/// Most days that are looked at together.
pub const MOST_DAYS: i32 = 92;
/// Most groups that are listed.
const MOST_GROUPS: usize = 200;
/// Most reasons of refusals that are listed.
const MOST_REASONS: usize = 50;

/// What groups are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// The day on which they were accepted.
    Day,
    /// The country they went to.
    Country,
    /// The network, where it was known.
    Network,
    /// The route that took them.
    Route,
    /// From what they came.
    Originator,
}

/// Which messages are looked at.
#[derive(Debug, Clone)]
pub struct Traffic {
    /// From this day on,
    pub from: Date,
    /// until the end of this one,
    pub to: Date,
    /// in this zone.
    pub zone: TimeZone,
    /// By what.
    pub by: GroupBy,
    /// To this country alone.
    pub country: Option<String>,
    /// To this network alone.
    pub network: Option<String>,
    /// Over this route alone.
    pub route: Option<RouteId>,
    /// From this originator alone.
    pub originator: Option<String>,
}

/// What messages add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// Accepted, refused ones included.
    pub messages: u64,
    /// Their parts.
    pub parts: u64,
    /// Handed over to an operator.
    pub sent: u64,
    /// A telephone has them.
    pub delivered: u64,
    /// Not in time.
    pub undelivered: u64,
    /// Not taken, or not deliverable.
    pub failed: u64,
    /// Nobody knows.
    pub in_doubt: u64,
    /// They have not ended.
    pub under_way: u64,
    /// The gate said no.
    pub refused: u64,
    /// What they cost.
    pub spend: Micros,
    waits: [u64; WAITS.len()],
}

/// What traffic adds up to, together and by group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Insights {
    /// All of it.
    pub total: Figures,
    /// Days in their order, else the largest first; keyed by day, country code, network, route or originator.
    pub groups: Vec<(String, Figures)>,
    /// So many groups more are not listed.
    pub more_groups: usize,
    /// Refusals of the gate by reason, the most frequent first.
    pub refusals: Vec<(String, u64)>,
    /// What came in, and how much of it ended marketing; `None` when only a part of what leaves is looked at.
    pub inbound: Option<(u64, u64)>,
}

type Cell = (String, String, Option<RawId>, String, MessageState, i64, u64, u64, i64, u64, String);

impl Figures {
    fn add(&mut self, (.., state, wait, count, parts, cost, sent, _): &Cell) {
        self.messages += count;
        self.parts += parts;
        self.sent += sent;
        self.spend = Micros(self.spend.0.saturating_add(*cost));
        let counter = match state {
            MessageState::Delivered => &mut self.delivered,
            MessageState::Expired => &mut self.undelivered,
            MessageState::Failed => &mut self.failed,
            MessageState::InDoubt => &mut self.in_doubt,
            MessageState::Denied => &mut self.refused,
            MessageState::Queued | MessageState::Sending | MessageState::Held | MessageState::Sent => {
                &mut self.under_way
            }
            MessageState::Cancelled => return,
        };
        *counter += count;
        if let (MessageState::Delivered, Some(class)) =
            (state, usize::try_from(*wait).ok().and_then(|class| self.waits.get_mut(class)))
        {
            *class += count;
        }
    }

    /// Of those that ended, the share that a telephone has; `None` when none has ended.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub fn delivery_rate(&self) -> Option<f64> {
        let ended = self.delivered + self.undelivered + self.failed + self.in_doubt;
        (ended > 0).then(|| self.delivered as f64 / ended as f64)
    }

    /// Within how many seconds of their hand-over this share of the delivered ones had their receipt, as exactly as
    /// the classes of [`WAITS`] tell.
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    pub fn receipts_within(&self, share: f64) -> Option<f64> {
        let all: u64 = self.waits.iter().sum();
        let wanted = share * all as f64;
        let (mut below, mut begin) = (0.0, 0.0);
        for (count, end) in self.waits.iter().zip(WAITS) {
            let count = *count as f64;
            if count > 0.0 && below + count >= wanted {
                return Some(begin + (end - begin) * ((wanted - below) / count).clamp(0.0, 1.0));
            }
            (below, begin) = (below + count, end);
        }
        None
    }
}

impl Traffic {
    fn wants(&self, (country, network, route, originator): (&str, &str, Option<RawId>, &str)) -> bool {
        let is = |wanted: &Option<String>, value: &str| wanted.as_deref().is_none_or(|wanted| wanted == value);
        is(&self.country, country)
            && is(&self.network, network)
            && is(&self.originator, originator)
            && self.route.is_none_or(|wanted| route == Some(wanted.0))
    }

    fn key(&self, day: Date, (country, network, route, originator, ..): &Cell) -> String {
        match self.by {
            GroupBy::Day => day.to_string(),
            GroupBy::Country => country.clone(),
            GroupBy::Network => network.clone(),
            GroupBy::Route => route.map(|route| RouteId(route).to_string()).unwrap_or_default(),
            GroupBy::Originator => originator.clone(),
        }
    }

    /// The stretches that are read, each with its first day: one for each day when they are told apart.
    fn stretches(&self) -> Vec<(Date, Date)> {
        if self.by != GroupBy::Day {
            return vec![(self.from, self.to)];
        }
        self.from.series(jiff::Span::new().days(1)).take_while(|day| *day <= self.to).map(|day| (day, day)).collect()
    }

    /// The first ids of a stretch and of what follows it.
    fn ids(&self, (first, last): (Date, Date)) -> (RawId, RawId) {
        let begin = |day: Date| {
            let at = day.to_zoned(self.zone.clone()).map_or(i64::MAX, |begin| begin.timestamp().as_microsecond());
            first_id_at(Timestamp(at))
        };
        (begin(first), begin(last.tomorrow().unwrap_or(last)))
    }

    fn sets(&self, ctx: &Ctx, more: Vec<Value>) -> Vec<Vec<Value>> {
        let set = |stretch| {
            let (from, to) = self.ids(stretch);
            let mut set = params![ctx.workspace, from, to];
            set.extend(more.iter().cloned());
            set
        };
        self.stretches().into_iter().map(set).collect()
    }
}

/// What the traffic of some days adds up to. Trial messages do not count.
///
/// # Errors
/// The store's.
pub async fn insights(ctx: &Ctx, traffic: &Traffic) -> Result<Insights> {
    let sets = traffic.sets(ctx, params![false, MessageState::Denied]);
    let cells: Vec<Vec<Cell>> = ctx.db.many(CELLS, sets).await?;
    let mut found = Insights::default();
    let mut groups: BTreeMap<String, Figures> = BTreeMap::new();
    let mut refusals: BTreeMap<&str, u64> = BTreeMap::new();
    for ((day, _), cells) in traffic.stretches().into_iter().zip(&cells) {
        if traffic.by == GroupBy::Day {
            groups.entry(day.to_string()).or_default();
        }
        for cell in cells.iter().filter(|cell| traffic.wants((&cell.0, &cell.1, cell.2, &cell.3))) {
            found.total.add(cell);
            groups.entry(traffic.key(day, cell)).or_default().add(cell);
            if cell.4 == MessageState::Denied {
                *refusals.entry(&cell.10).or_default() += cell.6;
            }
        }
    }
    found.groups = groups.into_iter().collect();
    if traffic.by != GroupBy::Day {
        found.groups.sort_by(|one, other| other.1.messages.cmp(&one.1.messages).then_with(|| one.0.cmp(&other.0)));
    }
    found.more_groups = found.groups.len().saturating_sub(MOST_GROUPS);
    found.groups.truncate(MOST_GROUPS);
    found.refusals = refusals.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    found.refusals.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    found.refusals.truncate(MOST_REASONS);
    found.inbound = inbound(ctx, traffic).await?;
    Ok(found)
}

async fn inbound(ctx: &Ctx, traffic: &Traffic) -> Result<Option<(u64, u64)>> {
    if traffic.country.is_some() || traffic.network.is_some() || traffic.originator.is_some() {
        return Ok(None);
    }
    let rows: Vec<Vec<(RawId, String, u64)>> = ctx.db.many(RECEIVED, traffic.sets(ctx, Vec::new())).await?;
    let of_route = |(route, ..): &(RawId, String, u64)| traffic.route.is_none_or(|wanted| wanted.0 == *route);
    let counted = rows.into_iter().flatten().filter(of_route).fold((0, 0), |(all, stops), (_, keyword, count)| {
        (all + count, stops + if keyword == "stop" { count } else { 0 })
    });
    Ok(Some(counted))
}

#[cfg(test)]
mod tests {
    use super::{Figures, WAITS};

    #[test]
    fn shares_of_receipts_lie_within_their_classes() {
        let mut figures = Figures::default();
        assert_eq!((figures.receipts_within(0.5), figures.delivery_rate()), (None, None));
        figures.waits[1] = 90;
        figures.waits[4] = 10;
        let (half, most) = (figures.receipts_within(0.5).unwrap(), figures.receipts_within(0.95).unwrap());
        assert!((WAITS[0]..=WAITS[1]).contains(&half) && (WAITS[3]..=WAITS[4]).contains(&most), "{half} {most}");
        (figures.delivered, figures.failed) = (3, 1);
        assert_eq!(figures.delivery_rate(), Some(0.75));
    }
}
