//! What calendars say about a range: from what is known, and asked anew.

use std::time::Duration;

use futures_util::future::join_all;
use kernel::{CalendarId, HostId, Timestamp};
use store::{Ctx, params};

use super::model::CalendarRow;
use super::source::Changes;
use super::taken::Kept;
use super::{Calendars, Checked, Unreachable, Wanted, accounts, choices, queries, sync};
use crate::Result;

/// How long the booking path waits for calendars, all of them together.
const PATIENCE: Duration = Duration::from_secs(2);
/// What was read so recently need not be asked for again.
const FRESH: i64 = 5;

/// The intervals that block, per host, those that touch united: events that R17 lets block and that overlap
/// the range. Copies of Barid's own bookings (known by their UID) are not among them: reservations know those
/// with their buffers and seats.
///
/// # Errors
/// When the database fails.
pub async fn busy(ctx: &Ctx, wanted: &Wanted) -> Result<Vec<(HostId, Timestamp, Timestamp)>> {
    let of_host = |host: &HostId| params![ctx.workspace, *host];
    let kept: Vec<Vec<Kept>> =
        ctx.db.many(queries::CONFLICTS_OF_HOST, wanted.hosts.iter().map(of_host).collect()).await?;
    let connected: Vec<(HostId, Vec<Kept>)> =
        wanted.hosts.iter().copied().zip(kept).filter(|(_, kept)| !kept.is_empty()).collect();
    if connected.is_empty() {
        return Ok(Vec::new());
    }
    let chosen = |(host, _): &(HostId, _)| params![ctx.workspace, wanted.event_type, *host];
    let chosen: Vec<Vec<(String,)>> = ctx.db.many(queries::CHOICE_OF, connected.iter().map(chosen).collect()).await?;
    let mut out = Vec::new();
    for ((host, kept), chosen) in connected.into_iter().zip(chosen) {
        let chosen = chosen.first().map(|(text,)| serde_json::from_str(text).unwrap_or_default());
        let chosen = still_there(chosen, |id| kept.iter().any(|one| one.calendar == id));
        for one in kept {
            let counts = chosen.as_ref().map_or(one.conflicts, |chosen| chosen.contains(&one.calendar));
            if counts {
                let taken = one.taken(ctx).await?;
                out.extend(taken.within(wanted).map(|(start, end)| (host, Timestamp(start), Timestamp(end))));
            }
        }
    }
    Ok(out)
}

/// A choice of calendars that were all disconnected since is none: else nothing would block any more.
fn still_there(chosen: Option<Vec<CalendarId>>, known: impl Fn(CalendarId) -> bool) -> Option<Vec<CalendarId>> {
    chosen.filter(|chosen| chosen.is_empty() || chosen.iter().any(|id| known(*id)))
}

/// The stretches that block a host, as its calendars say without regard to an event type.
pub(super) async fn of_host(
    ctx: &Ctx,
    host: HostId,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<(Timestamp, Timestamp)>> {
    let none = kernel::EventTypeId([0; 16]);
    let wanted = Wanted { hosts: vec![host], event_type: none, tentative: true, from, to };
    Ok(busy(ctx, &wanted).await?.into_iter().map(|(_, start, end)| (start, end)).collect())
}

/// The calendars of a host that count for an event type.
async fn counting(ctx: &Ctx, wanted: &Wanted, host: HostId) -> Result<Vec<CalendarRow>> {
    let rows: Vec<CalendarRow> = ctx.db.all(queries::CALENDARS_OF_HOST, params![ctx.workspace, host]).await?;
    if rows.is_empty() {
        return Ok(rows);
    }
    let chosen = choices::choice_of(ctx, wanted.event_type, host).await?;
    let chosen = still_there(chosen, |id| rows.iter().any(|row| row.id == id));
    let counts = |row: &CalendarRow| chosen.as_ref().map_or(row.conflicts, |chosen| chosen.contains(&row.id));
    Ok(rows.into_iter().filter(counts).collect())
}

impl Calendars {
    /// Asks the hosts' conflict calendars of this event type about the range once more, at most two seconds long,
    /// and stores what they say, so that the next [`busy`] has it.
    ///
    /// # Errors
    /// When the database fails; a calendar's failure is [`Checked`], not an error.
    pub async fn recheck(&self, ctx: &Ctx, wanted: &Wanted) -> Result<Checked> {
        let mut rows = Vec::new();
        for host in &wanted.hosts {
            rows.extend(counting(ctx, wanted, *host).await?);
        }
        if rows.is_empty() {
            return Ok(Checked::Current);
        }
        let settings = choices::settings(ctx).await?;
        let stale_before = settings.stale_before(ctx.now());
        let fresh = ctx.now().plus_seconds(-FRESH);
        let asked = join_all(rows.iter().map(|row| async move {
            if row.synced_at.is_some_and(|at| at >= fresh) {
                return Ok(true);
            }
            match tokio::time::timeout(PATIENCE, self.look(ctx, row, (wanted.from, wanted.to))).await {
                Ok(looked) => looked,
                Err(_) => Ok(false),
            }
        }));
        for (row, answered) in rows.iter().zip(asked.await) {
            let stale = row.synced_at.is_none_or(|at| at < stale_before);
            if !answered? && stale && settings.when_unreachable == Unreachable::Closed {
                return Ok(Checked::Stale);
            }
        }
        Ok(Checked::Current)
    }

    /// Asks one calendar about a range and stores the answer; whether it answered.
    async fn look(&self, ctx: &Ctx, row: &CalendarRow, range: (Timestamp, Timestamp)) -> Result<bool> {
        let account = accounts::account_row(ctx, row.account).await?;
        let Ok(source) = self.source(ctx, &account).await? else { return Ok(false) };
        let keys = ctx.keys().await?;
        let place = row.place(&keys)?.place;
        let began = ctx.now();
        let Some(within) = source.within(&place, range) else {
            // Vendors and feeds tell what changed since the last time, in one request as a rule.
            let whole = sync::horizon(ctx).await?;
            let cursor = row.cursor(&keys);
            return Ok(match source.changes(&place, cursor.as_deref(), whole).await {
                Ok(changes) => {
                    sync::store(ctx, (&account, row), changes, (whole, began)).await?;
                    true
                }
                Err(_) => false,
            });
        };
        let Ok(resources) = within.await else { return Ok(false) };
        let seen: Vec<_> =
            resources.iter().map(|resource| accounts::mark(&keys, sync::RESOURCE, &resource.href)).collect();
        let known: Vec<([u8; 16],)> =
            ctx.db.all(queries::RESOURCES_WITHIN, params![ctx.workspace, row.id, range.0, range.1]).await?;
        let gone = known.into_iter().map(|(mark,)| mark).filter(|mark| !seen.contains(mark)).collect();
        let changes = Changes { resources, ..Changes::default() };
        sync::store_part(ctx, (&account, row), changes, gone, (sync::horizon(ctx).await?, began)).await?;
        Ok(true)
    }
}
