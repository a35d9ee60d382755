//! Background synchronisation: what calendars say, as stretches of time in the database.

use std::collections::HashSet;

use jiff::tz::TimeZone;
use kernel::{BookingId, CalendarId, RawId, Timestamp};
use serde_json::json;
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, Batch, BoxFuture, Core, Ctx, Feed, WorkspaceKeys, params};

use super::ics::{self, Busy, Limits, Reader};
use super::model::{AccountRow, AccountState, CalendarRow};
use super::source::{Changes, Failure, Range, Resource};
use super::{Calendars, accounts, copies, hosts, queries, taken};
use crate::reservations;
use crate::{Error, Result};

/// The queue of calendars to be read. Payload: `calendar`.
pub const QUEUE: &str = "booking.calendar_sync";
/// The label of the keyed hash by which objects are known.
pub(super) const RESOURCE: &str = "calendar.resource";
/// How long what was read for a day is enough: then everything is read anew, whatever the server says about
/// changes, so that the horizon moves and no server can lie for longer than a day.
const ANEW: i64 = 86_400;
/// The longest pause after failures.
const LONGEST_PAUSE: i64 = 6 * 3600;
/// Bookings of our own that are looked for in one object: a feed may hold all of a host's.
const MOST_OWN: usize = 5000;
/// Names that look like our own and are looked up, in one object.
const MOST_LOOKED_UP: usize = 10_000;
/// Stretches of time of one calendar that are stored.
const MOST: usize = 50_000;

/// From yesterday to the horizon: a week beyond the last day that somebody could book.
pub(super) async fn horizon(ctx: &Ctx) -> Result<Range> {
    let now = ctx.now();
    let days = hosts::window(ctx).await? + 7;
    Ok((now.plus_seconds(-86_400), now.plus_seconds(days * 86_400)))
}

/// Reads calendars when it is time.
pub struct SyncJob {
    calendars: Calendars,
}

impl SyncJob {
    /// The handler of [`QUEUE`].
    pub fn new(calendars: Calendars) -> Self {
        Self { calendars }
    }
}

impl Handler for SyncJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            let id: CalendarId =
                serde_json::from_value(job.payload["calendar"].clone()).map_err(|_| "payload".to_owned())?;
            match self.calendars.sync(&ctx, id).await {
                Ok(Some(next)) => Ok(Outcome::Again(next)),
                // The calendar is gone, or waits for its owner.
                Ok(None) | Err(Error::NotFound(_)) => Ok(Outcome::Done),
                Err(error) => Err(error.problem().code.as_str().to_owned()),
            }
        })
    }
}

/// Seconds until a calendar that failed is tried again.
fn pause(pace: i64, failures: u32) -> i64 {
    pace.saturating_mul(1 << failures.min(8)).min(LONGEST_PAUSE)
}

impl Calendars {
    /// Reads one calendar; answers when to do so again, or `None` when somebody has to act first.
    ///
    /// # Errors
    /// [`Error::NotFound`]; when the database fails. What the calendar's server does wrong is kept with the calendar.
    pub async fn sync(&self, ctx: &Ctx, id: CalendarId) -> Result<Option<Timestamp>> {
        let row = accounts::calendar_row(ctx, id).await?;
        let account = accounts::account_row(ctx, row.account).await?;
        if hosts::has_left(ctx, account.host).await? {
            self.leave(ctx, account.id).await?;
            return Ok(None);
        }
        let pace = account.kind().pace();
        let began = ctx.now();
        let failure = match self.source(ctx, &account).await? {
            Err(failure) => failure,
            Ok(source) => {
                let keys = ctx.keys().await?;
                let place = row.place(&keys)?.place;
                let range = horizon(ctx).await?;
                let reaches = row.covers_to.is_some_and(|to| to >= range.1.plus_seconds(-ANEW));
                let cursor = reaches.then(|| row.cursor(&keys)).flatten();
                match source.changes(&place, cursor.as_deref(), range).await {
                    Ok(changes) => {
                        store(ctx, (&account, &row), changes, (range, began)).await?;
                        return Ok(Some(ctx.now().plus_seconds(pace)));
                    }
                    Err(failure) => failure,
                }
            }
        };
        failed(ctx, &account, &row, failure).await?;
        // Not trying at all would hide that a password works again; six hours is rare enough to lock nobody out.
        let wait = if failure.lasts() { LONGEST_PAUSE } else { pause(pace, row.failures) };
        Ok(Some(ctx.now().plus_seconds(wait)))
    }
}

async fn failed(ctx: &Ctx, account: &AccountRow, row: &CalendarRow, failure: Failure) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(queries::NOT_SYNCED, params![ctx.workspace, row.id, ctx.now(), failure.code()]);
    if failure == Failure::Unauthorised && account.state != AccountState::Unauthorised.as_str() {
        batch.push(queries::ACCOUNT_STATE, params![ctx.workspace, account.id, AccountState::Unauthorised.as_str()]);
        batch.feed(Feed { kind: "calendar.unauthorised", entity: account.id.0, data: json!({ "host": account.host }) });
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// For whom a calendar is read.
struct Eyes {
    zone: TimeZone,
    owners: Vec<String>,
    range: Range,
}

async fn eyes(ctx: &Ctx, account: &AccountRow, keys: &WorkspaceKeys, range: Range) -> Result<Eyes> {
    let access = account.access(keys)?;
    let name = match access.zone {
        Some(zone) => Some(zone),
        None => hosts::zone(ctx, account.host).await?,
    };
    let zone = name.as_deref().and_then(ics::zone).unwrap_or(TimeZone::UTC);
    Ok(Eyes { zone, owners: access.addresses, range })
}

/// The booking that an event is a copy of, by its UID.
fn booking_of(uid: &str) -> Option<BookingId> {
    uid.split('@').next()?.parse().ok()
}

/// Whether that booking is this workspace's: another installation's bookings block like any event.
async fn own(ctx: &Ctx, booking: BookingId) -> Result<bool> {
    Ok(!copies::of(ctx, booking).await?.is_empty() || reservations::for_calendar(ctx, booking).await?.is_some())
}

/// One object of a calendar as stretches of time.
struct Stretches {
    mark: RawId,
    busy: Vec<Busy>,
    booking: Option<BookingId>,
    doubtful: bool,
}

async fn stretches(
    ctx: &Ctx,
    eyes: &Eyes,
    keys: &WorkspaceKeys,
    resource: &Resource,
    budget: &mut u64,
) -> Result<Vec<Stretches>> {
    let reader = Reader { zone: &eyes.zone, owners: &eyes.owners };
    let limits = Limits { total_work: *budget, total: MOST, ..Limits::default() };
    let expansion = ics::expand(&resource.content, &reader, eyes.range, &limits);
    *budget = budget.saturating_sub(1 + expansion.busy.len() as u64);
    let mark = accounts::mark(keys, RESOURCE, &resource.href);
    let mut own_uids: Vec<(String, BookingId)> = Vec::new();
    let mut asked: HashSet<&str> = HashSet::new();
    for event in &resource.content.events {
        if own_uids.len() < MOST_OWN
            && asked.len() < MOST_LOOKED_UP
            && event.uid.starts_with(BookingId::PREFIX)
            && asked.insert(event.uid.as_str())
            && let Some(booking) = booking_of(&event.uid)
            && own(ctx, booking).await?
        {
            own_uids.push((event.uid.clone(), booking));
        }
    }
    let booking_of = |busy: &Busy| own_uids.iter().find(|(uid, _)| *uid == busy.uid).map(|(_, booking)| *booking);
    let (mine, others): (Vec<Busy>, Vec<Busy>) =
        expansion.busy.into_iter().partition(|busy| booking_of(busy).is_some());
    let doubtful = expansion.incomplete || resource.content.doubtful > 0;
    let mut out = vec![Stretches { mark, busy: others, booking: None, doubtful }];
    for (uid, booking) in &own_uids {
        let busy = mine.iter().filter(|busy| busy.uid == *uid).cloned().collect();
        out.push(Stretches { mark, busy, booking: Some(*booking), doubtful: false });
    }
    Ok(out)
}

/// Writes a resource's stretches into the batch. What can never block is not kept.
fn write(batch: &mut Batch, row: &CalendarRow, parts: &[Stretches], room: &mut usize) -> bool {
    let workspace = batch.workspace();
    let mut number: u32 = 0;
    let mut complete = true;
    for part in parts {
        for busy in &part.busy {
            if !busy.blocks(true) || busy.start == busy.end {
                continue;
            }
            if *room == 0 {
                complete = false;
                break;
            }
            *room -= 1;
            batch.push(
                queries::INSERT_BUSY,
                params![
                    workspace,
                    row.id,
                    part.mark,
                    number,
                    row.host,
                    busy.start,
                    busy.end,
                    busy.status.as_str(),
                    busy.partstat.map(ics::PartStat::as_str),
                    part.booking
                ],
            );
            number += 1;
        }
    }
    complete
}

/// Keeps what a calendar answered: everything, or changes.
pub(super) async fn store(
    ctx: &Ctx,
    (account, row): (&AccountRow, &CalendarRow),
    changes: Changes,
    (range, began): (Range, Timestamp),
) -> Result<()> {
    let keys = ctx.keys().await?;
    let eyes = eyes(ctx, account, &keys, range).await?;
    let mut batch = ctx.batch();
    let mut doubtful = changes.doubtful;
    if changes.whole {
        batch.push(queries::DELETE_BUSY, params![ctx.workspace, row.id]);
    } else {
        // Time that is over is nobody's business any more.
        batch.push(queries::DELETE_BUSY_BEFORE, params![ctx.workspace, row.id, range.0]);
        doubtful += row.doubtful;
    }
    let mut seen: HashSet<RawId> = HashSet::new();
    let (mut room, mut budget) = (MOST, Limits::default().total_work);
    for resource in &changes.resources {
        let parts = stretches(ctx, &eyes, &keys, resource, &mut budget).await?;
        doubtful += parts.iter().filter(|part| part.doubtful).count() as u32;
        seen.extend(parts.iter().map(|part| part.mark));
        if !changes.whole
            && let Some(part) = parts.first()
        {
            batch.push(queries::DELETE_BUSY_OF, params![ctx.workspace, row.id, part.mark]);
        }
        if !write(&mut batch, row, &parts, &mut room) {
            doubtful += 1;
            full(&mut batch, row, range);
        }
        copies::seen(
            ctx,
            &mut batch,
            row,
            &parts.iter().filter_map(|part| Some((part.booking?, part.busy.as_slice()))).collect::<Vec<_>>(),
            began,
        )
        .await?;
    }
    let gone: Vec<RawId> = changes.gone.iter().map(|href| accounts::mark(&keys, RESOURCE, href)).collect();
    for mark in &gone {
        batch.push(queries::DELETE_BUSY_OF, params![ctx.workspace, row.id, *mark]);
    }
    copies::missing(ctx, &mut batch, row, (changes.whole.then_some(&seen), &gone), began).await?;
    batch.push(queries::BUSY_CHANGED, params![ctx.workspace, row.id]);
    let covers_to = if changes.whole { Some(range.1) } else { row.covers_to };
    let cursor = CalendarRow::seal_cursor(&keys, changes.cursor.as_deref())?;
    batch.push(queries::SYNCED, params![ctx.workspace, row.id, cursor, covers_to, began, began, doubtful]);
    if account.state == AccountState::Unauthorised.as_str() {
        batch.push(queries::ACCOUNT_STATE, params![ctx.workspace, account.id, AccountState::Active.as_str()]);
    }
    ctx.db.apply(batch).await?;
    taken::refresh(ctx, row.id).await.map(drop)
}

/// More than is kept: from here on the whole calendar counts as busy, so that nothing is offered wrongly.
fn full(batch: &mut Batch, row: &CalendarRow, (from, to): Range) {
    let workspace = batch.workspace();
    let whole: RawId = [0; 16];
    let none: Option<String> = None;
    let nobody: Option<BookingId> = None;
    batch.push(
        queries::INSERT_BUSY,
        params![workspace, row.id, whole, 0u32, row.host, from, to, "confirmed", none, nobody],
    );
}

/// Keeps what a calendar says about a part of its time: `gone` objects are not there any more.
pub(super) async fn store_part(
    ctx: &Ctx,
    (account, row): (&AccountRow, &CalendarRow),
    changes: Changes,
    gone: Vec<RawId>,
    (range, began): (Range, Timestamp),
) -> Result<()> {
    let keys = ctx.keys().await?;
    let eyes = eyes(ctx, account, &keys, range).await?;
    let mut batch = ctx.batch();
    let (mut room, mut budget) = (MOST, Limits::default().total_work);
    for resource in &changes.resources {
        let parts = stretches(ctx, &eyes, &keys, resource, &mut budget).await?;
        if let Some(part) = parts.first() {
            batch.push(queries::DELETE_BUSY_OF, params![ctx.workspace, row.id, part.mark]);
        }
        write(&mut batch, row, &parts, &mut room);
    }
    for mark in &gone {
        batch.push(queries::DELETE_BUSY_OF, params![ctx.workspace, row.id, *mark]);
    }
    copies::missing(ctx, &mut batch, row, (None, &gone), began).await?;
    batch.push(queries::BUSY_CHANGED, params![ctx.workspace, row.id]);
    ctx.db.apply(batch).await?;
    taken::refresh(ctx, row.id).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        assert_eq!(pause(300, 0), 300);
        assert_eq!(pause(300, 3), 2400);
        assert_eq!(pause(300, 99), LONGEST_PAUSE);
    }

    #[test]
    fn own_bookings_are_known_by_their_uid() {
        let id: BookingId = BookingId([7; 16]);
        assert_eq!(booking_of(&format!("{id}@example.com")), Some(id));
        assert_eq!(booking_of(&id.to_string()), Some(id));
        assert_eq!(booking_of("bkg_@example.com"), None);
        assert_eq!(booking_of(""), None);
    }
}
