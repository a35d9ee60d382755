//! Opens and clicks as they arrive, and what they add up to.

use content::VersionId;
use kernel::{DeliveryId, RawId, Timestamp};
use people::segments::conditions::{EventClass, EventKind};
use privacy::gate::record_engagement;
use serde::Serialize;
use store::{Batch, Ctx, params, sql};

use super::{Signals, classify};
use crate::deliveries::DeliveryRow;
use crate::service::Outbound;
use crate::{Result, events};

/// The window in which several links followed mean a scanner, in seconds.
const BURST: i64 = 4;

pub(crate) const OPEN: i64 = 0;
pub(crate) const CLICK: i64 = 1;
pub(crate) const UNSUBSCRIBE: i64 = 2;
pub(crate) const COMPLAINT: i64 = 3;
const NO_LINK: i64 = -1;

sql! {
    INSERT_HIT = "INSERT INTO hit (workspace, source, delivery, at, kind, class, link) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    RECENT = "SELECT CAST(count(DISTINCT link) AS BIGINT) FROM hit WHERE workspace = $1 AND source = $2 AND delivery = $3 AND at >= $4 AND kind = $5 AND link <> $6";
    TOTALS = "SELECT kind, class, CAST(count(*) AS BIGINT), CAST(count(DISTINCT delivery) AS BIGINT) FROM hit
        WHERE workspace = $1 AND source = $2 GROUP BY kind, class";
    BY_LINK = "SELECT link, class, CAST(count(*) AS BIGINT), CAST(count(DISTINCT delivery) AS BIGINT) FROM hit
        WHERE workspace = $1 AND source = $2 AND kind = $3 GROUP BY link, class ORDER BY link";
    SERIES = "SELECT at / 3600000000, kind, class, CAST(count(*) AS BIGINT) FROM hit
        WHERE workspace = $1 AND source = $2 AND kind <= $3 GROUP BY at / 3600000000, kind, class ORDER BY 1";
    pub(crate) ERASE_HITS = "DELETE FROM hit WHERE workspace = $1 AND delivery IN (SELECT id FROM delivery WHERE workspace = $1 AND contact = $2)";
}

fn number_of(class: EventClass) -> i64 {
    match class {
        EventClass::Human => 0,
        EventClass::ProbableMachine => 1,
        EventClass::Machine => 2,
    }
}

/// Records that the pixel was loaded; answers nothing a prober could learn from.
///
/// # Errors
/// The store's.
pub async fn open(ctx: &Ctx, delivery: DeliveryId, signals: Signals<'_>) -> Result<()> {
    let Some(row) = DeliveryRow::find(ctx, delivery).await? else { return Ok(()) };
    let class = classify(Signals { sent_at: row.sent_at, ..signals });
    store_hit(ctx, &row, (OPEN, NO_LINK), class, signals.at).await
}

/// Records a click of a link; where it leads is [`crate::SentCopy::link`].
///
/// # Errors
/// The store's.
pub async fn click(ctx: &Ctx, (delivery, number): (DeliveryId, u32), signals: Signals<'_>) -> Result<()> {
    let Some(row) = DeliveryRow::find(ctx, delivery).await? else { return Ok(()) };
    let since = signals.at.plus_seconds(-BURST);
    let recent: (u32,) = ctx.db.one(RECENT, params![ctx.workspace, row.source, row.id, since, CLICK, number]).await?;
    let class = classify(Signals { sent_at: row.sent_at, links_just_followed: recent.0, click: true, ..signals });
    store_hit(ctx, &row, (CLICK, i64::from(number)), class, signals.at).await
}

/// Counts a person who left through this message, by unsubscribing or by a complaint.
pub(crate) fn left(batch: &mut Batch, ctx: &Ctx, row: &DeliveryRow, complained: bool) {
    let kind = if complained { COMPLAINT } else { UNSUBSCRIBE };
    let human = number_of(EventClass::Human);
    batch.push(INSERT_HIT, params![ctx.workspace, row.source, row.id, ctx.now(), kind, human, NO_LINK]);
}

async fn store_hit(
    ctx: &Ctx,
    row: &DeliveryRow,
    (kind, link): (i64, i64),
    class: EventClass,
    at: Timestamp,
) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(INSERT_HIT, params![ctx.workspace, row.source, row.id, at, kind, number_of(class), link]);
    let about = (row.contact, row.source, row.id);
    let (event, feed) =
        if kind == CLICK { (EventKind::Clicked, "message.clicked") } else { (EventKind::Opened, "message.opened") };
    events::push(&mut batch, ctx, event, class, about, at);
    events::feed(&mut batch, feed, about, class.as_str());
    if kind == CLICK && class == EventClass::Human {
        record_engagement(&mut batch, ctx, row.contact, at);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Counts of one kind of hit, by who caused it: all, and different messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ByClass {
    /// Caused by people.
    pub human: u64,
    /// Probably caused by a mail program or proxy on its own.
    pub probable_machine: u64,
    /// Caused by scanners and robots.
    pub machine: u64,
    /// Different messages with at least one hit by a person.
    pub unique_human: u64,
}

impl ByClass {
    fn add(&mut self, class: i64, all: u64, unique: u64) {
        match class {
            0 => {
                self.human += all;
                self.unique_human += unique;
            }
            1 => self.probable_machine += all,
            _ => self.machine += all,
        }
    }
}

/// Clicks of one link.
#[derive(Debug, Clone, Serialize)]
pub struct LinkStats {
    /// Its number in the content.
    pub number: u32,
    /// Where it leads; a link with merge tags as the author wrote it.
    pub url: String,
    /// The clicks.
    pub clicks: ByClass,
}

/// What people did in one hour.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SeriesPoint {
    /// The hour's first instant.
    pub at: Timestamp,
    /// Opens.
    pub opens: ByClass,
    /// Clicks.
    pub clicks: ByClass,
    /// How many left.
    pub unsubscribed: u64,
    /// How many reported it as spam.
    pub complained: u64,
}

/// What the hits of a run add up to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Stats {
    /// Opens.
    pub opens: ByClass,
    /// Clicks.
    pub clicks: ByClass,
    /// Messages by which somebody left.
    pub unsubscribed: u64,
    /// Messages that were reported as spam.
    pub complained: u64,
    /// Per link.
    pub links: Vec<LinkStats>,
    /// Per hour.
    pub series: Vec<SeriesPoint>,
}

/// The hits of a run.
///
/// # Errors
/// The store's or the content's.
pub async fn stats(outbound: &Outbound, ctx: &Ctx, source: RawId, content: RawId) -> Result<Stats> {
    let mut stats = Stats::default();
    for (kind, class, all, unique) in ctx.db.all::<(i64, i64, u64, u64)>(TOTALS, params![ctx.workspace, source]).await?
    {
        match kind {
            OPEN => stats.opens.add(class, all, unique),
            CLICK => stats.clicks.add(class, all, unique),
            UNSUBSCRIBE => stats.unsubscribed = unique,
            _ => stats.complained = unique,
        }
    }
    let version = outbound.versions().load(ctx, VersionId(content)).await?;
    for link in version.compiled.default.links() {
        stats.links.push(LinkStats { number: link.number, url: link.url.clone(), clicks: ByClass::default() });
    }
    let by_link: Vec<(i64, i64, u64, u64)> = ctx.db.all(BY_LINK, params![ctx.workspace, source, CLICK]).await?;
    for (number, class, all, unique) in by_link {
        if let Some(link) = stats.links.iter_mut().find(|link| i64::from(link.number) == number) {
            link.clicks.add(class, all, unique);
        }
    }
    for (hour, kind, class, all) in
        ctx.db.all::<(i64, i64, i64, u64)>(SERIES, params![ctx.workspace, source, COMPLAINT]).await?
    {
        let at = Timestamp(hour * 3600 * Timestamp::SECOND);
        if stats.series.last().is_none_or(|point| point.at != at) {
            stats.series.push(SeriesPoint { at, ..SeriesPoint::default() });
        }
        if let Some(point) = stats.series.last_mut() {
            match kind {
                OPEN => point.opens.add(class, all, all),
                CLICK => point.clicks.add(class, all, all),
                UNSUBSCRIBE => point.unsubscribed += all,
                _ => point.complained += all,
            }
        }
    }
    Ok(stats)
}

store::personal!(store::PersonalTable {
    table: "hit",
    class: "comms.traffic",
    subject: "delivery",
    columns: &[],
    erase: &[ERASE_HITS],
    kept: None,
    collect: None,
});
