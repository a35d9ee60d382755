use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::{ContactId, Date, DeliveryId, RawId, Timestamp};
use serde::Serialize;
use store::{BoxFuture, Ctx, DueRow, FromValue, params};

use super::cells::{Counted, cells};
use crate::deliveries::DeliveryState;
use crate::tracking::{CLICK, COMPLAINT, OPEN, UNSUBSCRIBE};

store::sql! {
    KEPT = "SELECT count FROM kept_cell WHERE workspace = $1 AND source = $2 AND day = $3 LIMIT 1";
    KEPT_OF = "SELECT day, country, kind, count FROM kept_cell WHERE workspace = $1 AND source = $2 ORDER BY day, kind, country";
    KEEP_CELL = "INSERT INTO kept_cell (workspace, source, day, country, kind, count) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace, source, day, country, kind) DO NOTHING";
    OF_DAY = "SELECT id, contact, state FROM delivery WHERE workspace = $1 AND source = $2
        AND created_at >= $3 AND created_at < $4";
    /// People only (class 0): machines are no statistic of an audience.
    HITS_OF = "SELECT DISTINCT delivery, kind FROM hit WHERE workspace = $1 AND source = $2 AND class = 0";
}

/// People whose country is looked up at once.
const PAGE: usize = 5000;

/// A figure that outlived the messages it was counted from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptCell {
    /// The day of the messages.
    pub day: Date,
    /// The country, or `zz` for several.
    pub country: String,
    /// What happened.
    pub kind: String,
    /// To how many people.
    pub count: u64,
}

/// What is kept of a campaign whose messages are gone.
///
/// # Errors
/// The store's.
pub async fn of(ctx: &Ctx, source: RawId) -> store::Result<Vec<KeptCell>> {
    let rows: Vec<(i64, String, String, u64)> = ctx.db.all(KEPT_OF, params![ctx.workspace, source]).await?;
    let cell = |(day, country, kind, count)| {
        let day = Timestamp(i64::saturating_mul(day, Timestamp::DAY)).date();
        KeptCell { day, country, kind, count }
    };
    Ok(rows.into_iter().map(cell).collect())
}

/// Counts whole days of runs before the first of their messages goes: all of a day's messages are still
/// there then, and what is counted once is not counted again.
pub(super) fn keep<'a>(ctx: &'a Ctx, rows: &'a [DueRow]) -> BoxFuture<'a, store::Result<()>> {
    Box::pin(async move {
        let mut days: BTreeSet<(RawId, i64)> = BTreeSet::new();
        for row in rows {
            let source = row.key.get(1).cloned().map(RawId::from_value).transpose()?;
            days.extend(source.map(|source| (source, i64::from(Timestamp(row.at).day()))));
        }
        let mut hits: HashMap<RawId, HashMap<DeliveryId, BTreeSet<&'static str>>> = HashMap::new();
        for (source, day) in days {
            if is_kept(ctx, source, day).await? {
                continue;
            }
            let hits = match hits.entry(source) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(hits_of(ctx, source).await?),
            };
            keep_day(ctx, (source, day), &messages(ctx, (source, day), hits).await?).await?;
        }
        Ok(())
    })
}

/// Whether a day of a run was counted for good: a part of its messages may be gone.
///
/// # Errors
/// The store's.
pub async fn is_kept(ctx: &Ctx, source: RawId, day: i64) -> store::Result<bool> {
    Ok(ctx.db.opt::<(u64,)>(KEPT, params![ctx.workspace, source, day]).await?.is_some())
}

/// Keeps the figures of a run's messages of one day (a number since 1970), those of enough people.
///
/// # Errors
/// The store's.
pub async fn keep_day(ctx: &Ctx, (source, day): (RawId, i64), messages: &[Counted]) -> store::Result<()> {
    let mut batch = ctx.batch();
    for cell in cells(messages) {
        batch.push(KEEP_CELL, params![ctx.workspace, source, day, cell.country, cell.kind, cell.count]);
    }
    ctx.db.apply(batch).await.map(|_| ())
}

async fn hits_of(ctx: &Ctx, source: RawId) -> store::Result<HashMap<DeliveryId, BTreeSet<&'static str>>> {
    let rows: Vec<(DeliveryId, i64)> = ctx.db.all(HITS_OF, params![ctx.workspace, source]).await?;
    let mut out: HashMap<DeliveryId, BTreeSet<&'static str>> = HashMap::new();
    for (delivery, kind) in rows {
        let kind = match kind {
            OPEN => "opened",
            CLICK => "clicked",
            UNSUBSCRIBE => "unsubscribed",
            COMPLAINT => "complained",
            _ => continue,
        };
        out.entry(delivery).or_default().insert(kind);
    }
    Ok(out)
}

async fn messages(
    ctx: &Ctx,
    (source, day): (RawId, i64),
    hits: &HashMap<DeliveryId, BTreeSet<&'static str>>,
) -> store::Result<Vec<Counted>> {
    let (from, to) = (day.saturating_mul(Timestamp::DAY), (day + 1).saturating_mul(Timestamp::DAY));
    let rows: Vec<(DeliveryId, ContactId, DeliveryState)> =
        ctx.db.all(OF_DAY, params![ctx.workspace, source, from, to]).await?;
    let mut countries: BTreeMap<ContactId, String> = BTreeMap::new();
    for page in rows.chunks(PAGE) {
        let people: Vec<ContactId> = page.iter().map(|row| row.1).collect();
        let known = privacy::facts::countries(ctx, &people).await.map_err(|error| error.problem())?;
        countries.extend(people.into_iter().zip(known).filter_map(|(who, country)| Some((who, country?))));
    }
    let count = |(delivery, contact, state): (DeliveryId, ContactId, DeliveryState)| {
        let mut kinds = hits.get(&delivery).cloned().unwrap_or_default();
        kinds.insert(state.as_str());
        Counted { country: countries.get(&contact).cloned(), kinds }
    };
    Ok(rows.into_iter().map(count).collect())
}
