//! Copies of bookings in hosts' calendars. Barid's booking is the truth: a copy is written after the booking's
//! commit, under a name that its UID gives, so that writing twice makes one event. What a host does to a copy
//! becomes a suggestion, never a cancellation.

use std::collections::HashSet;

use kernel::{BookingId, CalendarId, EventTypeId, HostId, Pii, RawId, Timestamp};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, Batch, BoxFuture, Core, Ctx, Feed, params};

use super::ics::{self, Busy, PartStat, Party, Status, Written};
use super::model::{AccountRow, CalendarRow, opened, sealed};
use super::source::{CalendarSource, Entry, Failure, Placed};
use super::sync::RESOURCE;
use super::{Calendars, accounts, answers, queries};
use crate::model::CalendarCopies;
use crate::reservations::{self, CalendarEntry, State};
use crate::{Error, Result};

/// The queue of bookings whose copies are to be brought up to date. Payload: `booking`.
pub const QUEUE: &str = "booking.calendar";
const SEALED: &str = "calendar_copy.sealed";
/// Seconds in which what a calendar says of a copy may be older than the copy.
const SETTLING: i64 = 60;

store::row! {
    #[derive(Clone)]
    pub(super) struct CopyRow {
        pub(super) booking: BookingId,
        pub(super) calendar: CalendarId,
        pub(super) sealed: Vec<u8>,
        pub(super) sequence: u32,
        pub(super) start: Timestamp,
        pub(super) end: Timestamp,
        pub(super) state: String,
        pub(super) updated_at: Timestamp,
        pub(super) event_type: Option<EventTypeId>,
    }
}

/// Enqueues a look at every copy whose booking is gone, so that none outlives it.
pub(crate) async fn clear_orphans(ctx: &Ctx) -> Result<()> {
    let lost: Vec<(BookingId,)> = ctx.db.all(queries::ORPHANS, params![ctx.workspace]).await?;
    let mut batch = ctx.batch();
    for (booking,) in lost {
        let payload = serde_json::json!({ "booking": booking });
        batch.job(store::NewJob::now(QUEUE, payload).key(booking.to_string()));
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Enqueues the departure of a host who left: their calendars are theirs alone.
pub(crate) fn depart(batch: &mut Batch, host: HostId) {
    batch.job(store::NewJob::now(QUEUE, serde_json::json!({ "host": host })).key(host.to_string()));
}

/// The copies of a booking.
pub(super) async fn of(ctx: &Ctx, booking: BookingId) -> Result<Vec<CopyRow>> {
    Ok(ctx.db.all(queries::COPIES_OF, params![ctx.workspace, booking]).await?)
}

/// Brings the copies of bookings up to date.
pub struct CopyJob {
    calendars: Calendars,
}

impl CopyJob {
    /// The handler of [`QUEUE`].
    pub fn new(calendars: Calendars) -> Self {
        Self { calendars }
    }
}

impl Handler for CopyJob {
    fn queue(&self) -> &'static str {
        QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            let told = |error: Error| error.problem().code.as_str().to_owned();
            if let Some(host) = job.payload.get("host") {
                let host: HostId = serde_json::from_value(host.clone()).map_err(|_| "payload".to_owned())?;
                self.calendars.part_with(&ctx, host).await.map_err(told)?;
                return Ok(Outcome::Done);
            }
            let id: BookingId =
                serde_json::from_value(job.payload["booking"].clone()).map_err(|_| "payload".to_owned())?;
            let entry = reservations::for_calendar(&ctx, id).await.map_err(told)?;
            if entry.is_none() {
                let mut batch = ctx.batch();
                answers::forget(&mut batch, id);
                ctx.db.apply(batch).await.map_err(|error| told(error.into()))?;
            }
            match self.calendars.copy(&ctx, id, entry.as_ref()).await.map_err(told)? {
                None => Ok(Outcome::Done),
                Some(failure) if failure.lasts() => Ok(Outcome::Again(ctx.now().plus_seconds(3600))),
                Some(failure) => Err(failure.code()),
            }
        })
    }
}

/// A booking in the words of a calendar.
fn with_written<T>(entry: &CalendarEntry, then: impl FnOnce(Written<'_>) -> T) -> T {
    let attendees: Vec<Party<'_>> = entry
        .attendees
        .iter()
        .map(|(name, address)| Party {
            name: name.expose(),
            address: address.expose(),
            partstat: Some(PartStat::Accepted),
        })
        .filter(|party| !party.address.is_empty())
        .collect();
    let names: Vec<&str> =
        entry.attendees.iter().map(|(name, _)| name.expose().as_str()).filter(|name| !name.is_empty()).collect();
    let summary = if names.is_empty() { entry.title.clone() } else { format!("{}: {}", entry.title, names.join(", ")) };
    let status = if entry.state == State::Pending { Status::Tentative } else { Status::Confirmed };
    then(Written {
        method: None,
        uid: &entry.uid,
        sequence: entry.sequence,
        stamp: entry.updated_at,
        start: entry.start,
        end: entry.end,
        summary: &summary,
        description: None,
        location: entry.location.as_ref().map(Pii::expose).map(String::as_str),
        url: None,
        organizer: None,
        attendees: &attendees,
        status,
        client_schedules: true,
    })
}

/// What a copy is called once its booking is gone; `None` when it goes, too.
async fn kept_title(ctx: &Ctx, copy: &CopyRow) -> Result<Option<String>> {
    let Some(id) = copy.event_type else { return Ok(None) };
    match crate::event_types::get(ctx, id).await {
        Ok(of) if of.definition.calendar_copies == CalendarCopies::KeepTime => {
            Ok(Some(of.definition.texts("en").title.clone()))
        }
        Ok(_) | Err(Error::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn takes_time(entry: &CalendarEntry) -> bool {
    matches!(entry.state, State::Pending | State::Confirmed)
}

impl Calendars {
    /// Brings the copies of one booking up to date: in the target calendars of its hosts, and nowhere else.
    /// `None` as the entry takes every copy out. Answers the first failure that is worth another attempt.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn copy(&self, ctx: &Ctx, booking: BookingId, entry: Option<&CalendarEntry>) -> Result<Option<Failure>> {
        let known = of(ctx, booking).await?;
        let mut failure = None;
        let mut kept: HashSet<CalendarId> = HashSet::new();
        if let Some(entry) = entry.filter(|entry| takes_time(entry)) {
            for host in &entry.hosts {
                let rows: Vec<CalendarRow> =
                    ctx.db.all(queries::CALENDARS_OF_HOST, params![ctx.workspace, *host]).await?;
                for row in rows.into_iter().filter(|row| row.target && row.writable) {
                    kept.insert(row.id);
                    let before = known.iter().find(|copy| copy.calendar == row.id);
                    failure = failure.or(self.write_copy(ctx, &row, before, entry).await?);
                }
            }
        }
        for copy in known.iter().filter(|copy| !kept.contains(&copy.calendar)) {
            let past = entry.is_none() && copy.end <= ctx.now();
            let title = if past { kept_title(ctx, copy).await? } else { None };
            failure = failure.or(match title {
                Some(title) => self.strip_copy(ctx, copy, title).await?,
                None => self.remove_copy(ctx, copy).await?,
            });
        }
        Ok(failure)
    }

    /// Leaves the host the time of an appointment that took place, and nothing about whoever came.
    async fn strip_copy(&self, ctx: &Ctx, copy: &CopyRow, title: String) -> Result<Option<Failure>> {
        let row = match accounts::calendar_row(ctx, copy.calendar).await {
            Err(Error::NotFound(_)) => return self.remove_copy(ctx, copy).await,
            other => other?,
        };
        let keys = ctx.keys().await?;
        let known: Option<Placed> = opened::<Option<Placed>>(&keys, SEALED, &copy.sealed)?;
        let entry = CalendarEntry {
            booking: copy.booking,
            event_type: copy.event_type.unwrap_or(EventTypeId([0; 16])),
            uid: reservations::uid(copy.booking),
            sequence: copy.sequence + 1,
            state: State::Confirmed,
            start: copy.start,
            end: copy.end,
            zone: "UTC".to_owned(),
            hosts: Vec::new(),
            title,
            location: None,
            attendees: Vec::new(),
            updated_at: ctx.now(),
        };
        let account = accounts::account_row(ctx, row.account).await?;
        let written = match self.source(ctx, &account).await? {
            Err(failure) => Err(failure),
            Ok(source) => put(source.as_ref(), &row.place(&keys)?.place, known.as_ref(), &entry).await,
        };
        match written {
            Ok(_) => {
                let mut batch = ctx.batch();
                batch.push(queries::DELETE_COPY, params![ctx.workspace, copy.booking, copy.calendar]);
                ctx.db.apply(batch).await?;
                Ok(None)
            }
            Err(failure) => {
                note(ctx, (copy.booking, copy.calendar), "removing", failure).await?;
                Ok(Some(failure))
            }
        }
    }

    async fn write_copy(
        &self,
        ctx: &Ctx,
        row: &CalendarRow,
        before: Option<&CopyRow>,
        entry: &CalendarEntry,
    ) -> Result<Option<Failure>> {
        let keys = ctx.keys().await?;
        let place = row.place(&keys)?.place;
        let known: Option<Placed> = match before {
            Some(copy) => opened::<Option<Placed>>(&keys, SEALED, &copy.sealed)?,
            None => None,
        };
        let save = |placed: &Option<Placed>, state: &str| -> Result<Batch> {
            let mark = placed.as_ref().map_or([0; 16], |placed| accounts::mark(&keys, RESOURCE, &placed.href));
            let sealed = sealed(&keys, SEALED, placed)?;
            let mut batch = ctx.batch();
            let values = params![
                ctx.workspace,
                entry.booking,
                row.id,
                mark,
                sealed,
                entry.sequence,
                entry.start,
                entry.end,
                state,
                ctx.now(),
                entry.event_type
            ];
            batch.push(queries::SAVE_COPY, values);
            Ok(batch)
        };
        // Known as a copy before it is there, so that it is never taken for somebody else's event.
        ctx.db.apply(save(&known, "writing")?).await?;
        let account = accounts::account_row(ctx, row.account).await?;
        let written = match self.source(ctx, &account).await? {
            Err(failure) => Err(failure),
            Ok(source) => put(source.as_ref(), &place, known.as_ref(), entry).await,
        };
        match written {
            Ok(placed) => {
                ctx.db.apply(save(&Some(placed), "written")?).await?;
                Ok(None)
            }
            Err(failure) => {
                note(ctx, (entry.booking, row.id), "failed", failure).await?;
                Ok(Some(failure))
            }
        }
    }

    async fn remove_copy(&self, ctx: &Ctx, copy: &CopyRow) -> Result<Option<Failure>> {
        let removed = match accounts::calendar_row(ctx, copy.calendar).await {
            // The calendar was left: its copies went with it.
            Err(Error::NotFound(_)) => Ok(()),
            Err(error) => return Err(error),
            Ok(row) => {
                let account = accounts::account_row(ctx, row.account).await?;
                note(ctx, (copy.booking, copy.calendar), "removing", Failure::Expired).await?;
                self.take_out(ctx, &account, &row, copy).await?
            }
        };
        match removed {
            Ok(()) => {
                let mut batch = ctx.batch();
                batch.push(queries::DELETE_COPY, params![ctx.workspace, copy.booking, copy.calendar]);
                ctx.db.apply(batch).await?;
                Ok(None)
            }
            Err(failure) => {
                note(ctx, (copy.booking, copy.calendar), "removing", failure).await?;
                Ok(Some(failure))
            }
        }
    }

    async fn take_out(
        &self,
        ctx: &Ctx,
        account: &AccountRow,
        row: &CalendarRow,
        copy: &CopyRow,
    ) -> Result<std::result::Result<(), Failure>> {
        let keys = ctx.keys().await?;
        let Some(placed) = opened::<Option<Placed>>(&keys, SEALED, &copy.sealed)? else { return Ok(Ok(())) };
        let place = row.place(&keys)?.place;
        Ok(match self.source(ctx, account).await? {
            Err(failure) => Err(failure),
            Ok(source) => source.remove(&place, &placed).await,
        })
    }

    /// Takes the copies of coming bookings out of calendars that are left; failures are not waited for.
    pub(super) async fn take_copies_out(
        &self,
        ctx: &Ctx,
        account: &AccountRow,
        calendars: &[CalendarRow],
    ) -> Result<()> {
        type Known = (BookingId, RawId, String, Timestamp, Timestamp);
        for row in calendars {
            let coming: Vec<Known> =
                ctx.db.all(queries::COPIES_OF_CALENDAR, params![ctx.workspace, row.id, ctx.now()]).await?;
            for (booking, ..) in coming {
                for copy in of(ctx, booking).await?.iter().filter(|copy| copy.calendar == row.id) {
                    if self.take_out(ctx, account, row, copy).await?.is_err() {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }
}

async fn put(
    source: &dyn CalendarSource,
    place: &str,
    known: Option<&Placed>,
    entry: &CalendarEntry,
) -> std::result::Result<Placed, Failure> {
    let ics = with_written(entry, |written| ics::write(&written));
    // The parts borrow from what `with_written` holds, so the request is made of owned copies of them.
    let (summary, attendees) = with_written(entry, |written| {
        let attendees: Vec<(String, String)> =
            written.attendees.iter().map(|party| (party.name.to_owned(), party.address.to_owned())).collect();
        (written.summary.to_owned(), attendees)
    });
    let parties: Vec<Party<'_>> =
        attendees.iter().map(|(name, address)| Party { name, address, partstat: Some(PartStat::Accepted) }).collect();
    let parts = Written {
        method: None,
        uid: &entry.uid,
        sequence: entry.sequence,
        stamp: entry.updated_at,
        start: entry.start,
        end: entry.end,
        summary: &summary,
        description: None,
        location: entry.location.as_ref().map(Pii::expose).map(String::as_str),
        url: None,
        organizer: None,
        attendees: &parties,
        status: Status::Confirmed,
        client_schedules: true,
    };
    source.write(place, known, Entry { uid: &entry.uid, ics: &ics, parts }).await
}

async fn note(ctx: &Ctx, (booking, calendar): (BookingId, CalendarId), state: &str, failure: Failure) -> Result<()> {
    let error = (failure != Failure::Expired).then(|| failure.code());
    let mut batch = ctx.batch();
    batch.push(queries::COPY_STATE, params![ctx.workspace, booking, calendar, state, error, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(())
}

fn suggest(batch: &mut Batch, booking: BookingId, calendar: CalendarId, state: &'static str, now: Timestamp) {
    let workspace = batch.workspace();
    batch.push(queries::SUGGEST, params![workspace, booking, calendar, state, now]);
    batch.feed(Feed {
        kind: "booking.calendar_suggestion",
        entity: booking.0,
        data: serde_json::json!({ "calendar": calendar, "what": state }),
    });
}

/// Looks at copies as their calendar shows them: one at another time, or cancelled there, is a suggestion.
pub(super) async fn seen(
    ctx: &Ctx,
    batch: &mut Batch,
    row: &CalendarRow,
    found: &[(BookingId, &[Busy])],
    began: Timestamp,
) -> Result<()> {
    for (booking, busy) in found {
        let copies = of(ctx, *booking).await?;
        let settled = began.plus_seconds(-SETTLING);
        let copy =
            copies.iter().find(|copy| copy.calendar == row.id && copy.state == "written" && copy.updated_at < settled);
        let Some(copy) = copy.filter(|copy| copy.end > began) else { continue };
        match busy.first() {
            Some(one) if one.status == Status::Cancelled => suggest(batch, *booking, row.id, "deleted", began),
            Some(one) if (one.start, one.end) != (copy.start, copy.end) => {
                suggest(batch, *booking, row.id, "moved", began);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Looks for copies that are not in their calendar any more: each is a suggestion.
pub(super) async fn missing(
    ctx: &Ctx,
    batch: &mut Batch,
    row: &CalendarRow,
    (whole, gone): (Option<&HashSet<RawId>>, &[RawId]),
    began: Timestamp,
) -> Result<()> {
    type Known = (BookingId, RawId, String, Timestamp, Timestamp);
    if whole.is_none() && gone.is_empty() {
        return Ok(());
    }
    let known: Vec<Known> = ctx.db.all(queries::COPIES_OF_CALENDAR, params![ctx.workspace, row.id, began]).await?;
    let settled = began.plus_seconds(-SETTLING);
    for (booking, mark, state, _, updated_at) in known {
        if state != "written" {
            continue;
        }
        let lost = gone.contains(&mark) || (updated_at < settled && whole.is_some_and(|seen| !seen.contains(&mark)));
        if lost {
            suggest(batch, booking, row.id, "deleted", began);
        }
    }
    Ok(())
}
