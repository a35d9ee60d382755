//! A report over days in a time zone.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use kernel::{Date, GroupId, TagId, Timestamp, UserId};
use store::{Ctx, params};

use super::cells::{self, CellRow, NONE, What};
use crate::{Error, Result};

store::sql! {
    TAGS = "SELECT tag, CAST(count(*) AS BIGINT) FROM thread_tag WHERE workspace = $1 AND at >= $2 AND at < $3 GROUP BY tag";
}

/// What is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// In which zone days begin.
    pub zone: String,
    /// Of this group only.
    pub group: Option<GroupId>,
    /// Of this member only.
    pub agent: Option<UserId>,
}

/// Figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures(BTreeMap<&'static str, (i64, i64)>);

impl Figures {
    fn add(&mut self, row: &CellRow) {
        let cell = self.0.entry(row.what.as_str()).or_default();
        cell.0 += row.count;
        cell.1 += row.sum;
    }

    /// How many.
    pub fn count(&self, what: What) -> i64 {
        self.0.get(what.as_str()).map_or(0, |cell| cell.0)
    }

    /// Seconds in all.
    pub fn sum(&self, what: What) -> i64 {
        self.0.get(what.as_str()).map_or(0, |cell| cell.1)
    }

    /// Seconds on average; none when there was none.
    pub fn average(&self, what: What) -> Option<f64> {
        let (count, sum) = *self.0.get(what.as_str())?;
        (count > 0).then(|| sum as f64 / count as f64)
    }
}

/// A report.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Over all days.
    pub totals: Figures,
    /// By day.
    pub by_day: BTreeMap<Date, Figures>,
    /// By hour of the day, 0 to 23.
    pub by_hour: BTreeMap<u8, Figures>,
    /// By member.
    pub agents: BTreeMap<UserId, Figures>,
    /// By group.
    pub groups: BTreeMap<GroupId, Figures>,
    /// Tags and how often they were given.
    pub tags: Vec<(TagId, u64)>,
}

/// The longest report, in days.
const LONGEST: i32 = 400;

fn start(zone: &TimeZone, date: Date) -> Result<Timestamp> {
    let zoned = date.to_zoned(zone.clone()).map_err(|_| Error::field("from", "expected a day of our time"))?;
    Ok(zoned.timestamp().into())
}

/// Reads a report from what was counted.
///
/// # Errors
/// Days in the wrong order, more than 400 of them, a zone that is none.
pub async fn report(ctx: &Ctx, wanted: &Wanted) -> Result<Report> {
    let zone =
        TimeZone::get(&wanted.zone).map_err(|_| Error::field("zone", "expected a time zone such as Asia/Riyadh"))?;
    if wanted.to < wanted.from {
        return Err(Error::field("to", "lies before from"));
    }
    let end_day = wanted.to.tomorrow().map_err(|_| Error::field("to", "expected a day of our time"))?;
    let (from, end) = (start(&zone, wanted.from)?, start(&zone, end_day)?);
    if end.day() - from.day() > LONGEST {
        return Err(Error::field("to", "a report has at most 400 days"));
    }
    let rows: Vec<CellRow> = ctx.db.all(cells::BETWEEN, params![ctx.workspace, from.day(), end.day()]).await?;
    let mut out = Report::default();
    for row in rows {
        let at = Timestamp(row.day * Timestamp::DAY + row.hour * 3600 * Timestamp::SECOND);
        if at < from && at.plus_seconds(3599) < from || at >= end {
            continue;
        }
        let (group, agent) = (row.group, row.agent);
        if wanted.group.is_some_and(|only| only != group) || wanted.agent.is_some_and(|only| only != agent) {
            continue;
        }
        let local = at.max(from).to_jiff().to_zoned(zone.clone());
        out.totals.add(&row);
        out.by_day.entry(local.date()).or_default().add(&row);
        out.by_hour.entry(local.hour().unsigned_abs()).or_default().add(&row);
        if agent.0 != NONE {
            out.agents.entry(agent).or_default().add(&row);
        }
        if group.0 != NONE {
            out.groups.entry(group).or_default().add(&row);
        }
    }
    if wanted.group.is_none() && wanted.agent.is_none() {
        out.tags = ctx.db.all(TAGS, params![ctx.workspace, from, end]).await?;
        out.tags.sort_by_key(|(tag, count)| (std::cmp::Reverse(*count), *tag));
    }
    Ok(out)
}

/// How long a conversation usually takes, in seconds: the average of the last seven days.
///
/// # Errors
/// When the store fails.
pub(crate) async fn usual_length(ctx: &Ctx) -> Result<Option<i64>> {
    let today = ctx.now().day();
    let rows: Vec<CellRow> = ctx.db.all(cells::BETWEEN, params![ctx.workspace, today - 7, today]).await?;
    let mut figures = Figures::default();
    rows.iter().filter(|row| row.what == What::Closed).for_each(|row| figures.add(row));
    Ok(figures.average(What::Closed).map(|seconds| seconds as i64))
}

/// Deletes figures older than two years.
///
/// # Errors
/// When the store fails.
pub async fn trim(ctx: &Ctx) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(cells::TRIM, params![ctx.workspace, ctx.now().day() - 2 * 366]);
    ctx.db.apply(batch).await?;
    Ok(())
}
