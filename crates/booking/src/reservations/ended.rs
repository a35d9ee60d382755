//! How bookings come to their end: erasure, retention, unpaid ones, and zones whose rules changed meanwhile.

use kernel::{BookingId, ContactId, Email, EventTypeId, Timestamp};
use serde_json::{Value as Json, json};
use store::{BoxFuture, Ctx, DueBy, DueRow, FromValue, NewJob, PersonalTable, RetentionRule, SubjectKeys, params};

use super::change::By;
use super::model::{Booking, get};
use super::paid::Ending;
use super::{claim, holds};
use crate::model::{civil_instant, zone};
use crate::{Result, hosts};

store::sql! {
    OF_SUBJECT = "SELECT id, session, event_type, contact, state, sequence, start_at, end_at, timezone, civil, attendee_timezone, language, source,
        no_show, payment, payment_reference, ended_by, created_at, updated_at, sealed FROM booking WHERE workspace = $1 AND contact = $2 ORDER BY start_at";
    /// A person's seats are given back before their bookings go, so that nobody waits for somebody who was erased.
    ERASE_SEATS = "UPDATE booking_session SET seats = seats - (SELECT CAST(count(*) AS BIGINT) FROM booking b
        WHERE b.workspace = $1 AND b.session = booking_session.id AND b.contact = $2 AND b.live = 1)
        WHERE workspace = $1 AND id IN (SELECT session FROM booking WHERE workspace = $1 AND contact = $2 AND live = 1)";
    ERASE_UNITS = "DELETE FROM host_unit WHERE workspace = $1 AND session IN (SELECT b.session FROM booking b
        JOIN booking_session s ON s.workspace = b.workspace AND s.id = b.session WHERE b.workspace = $1 AND b.contact = $2 AND s.seats <= 0)";
    ERASE_HOSTS = "DELETE FROM booking_session_host WHERE workspace = $1 AND session IN (SELECT b.session FROM booking b
        JOIN booking_session s ON s.workspace = b.workspace AND s.id = b.session WHERE b.workspace = $1 AND b.contact = $2 AND s.seats <= 0)";
    ERASE_SESSIONS = "DELETE FROM booking_session WHERE workspace = $1 AND seats <= 0 AND id IN (SELECT session FROM booking WHERE workspace = $1 AND contact = $2)";
    ERASE = "DELETE FROM booking WHERE workspace = $1 AND contact = $2";
    OF_SOURCE = "SELECT id, session, event_type, contact, state, sequence, start_at, end_at, timezone, civil, attendee_timezone, language, source,
        no_show, payment, payment_reference, ended_by, created_at, updated_at, sealed FROM booking
        WHERE workspace = $1 AND event_type = $2 AND source = $3 ORDER BY start_at LIMIT 10000";
    DUE = "SELECT contact, end_at, id FROM booking WHERE workspace = $1 AND due_at IS NULL AND end_at < $2 ORDER BY end_at LIMIT $3";
    DUE_OWN = "SELECT id FROM booking WHERE workspace = $1 AND due_at <= $2 ORDER BY due_at LIMIT 500";
    DELETE_ONE = "DELETE FROM booking WHERE workspace = $1 AND id = $2";
    UNPAID = "SELECT id FROM booking WHERE workspace = $1 AND pay_by <= $2 AND live = 1 ORDER BY pay_by LIMIT 200";
    UPCOMING = "SELECT id, session, event_type, contact, state, sequence, start_at, end_at, timezone, civil, attendee_timezone, language, source,
        no_show, payment, payment_reference, ended_by, created_at, updated_at, sealed FROM booking
        WHERE workspace = $1 AND start_at > $2 AND live = 1 ORDER BY start_at, id LIMIT 20000";
    /// Sessions of long ago: what they held of hosts' time has passed. Half a year of them is kept for shares of round robins.
    OLD_SESSIONS = "SELECT NULL, start_at, session, host FROM booking_session_host WHERE workspace = $1 AND start_at < $2 ORDER BY start_at LIMIT $3";
    OLD_SESSION = "DELETE FROM booking_session_host WHERE workspace = $1 AND session = $2 AND host = $3";
    HOLD_ROWS = "SELECT NULL, expires_at, id FROM booking_hold WHERE workspace = $1 AND expires_at < $2 ORDER BY expires_at LIMIT $3";
    HOLD_ROW = "DELETE FROM booking_hold WHERE workspace = $1 AND id = $2";
}

fn collect<'a>(ctx: &'a Ctx, subject: ContactId, _: &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<Json>>> {
    Box::pin(async move {
        let rows: Vec<Booking> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
        let mut out = Vec::new();
        for row in rows {
            let details = row.details(ctx).await.map_err(|error| store::Error::Refused(error.problem()))?;
            let details = details.unwrap_or_default();
            out.push(json!({
                "state": row.state.as_str(),
                "start": row.start,
                "end": row.end,
                "timezone": row.timezone,
                "your_timezone": row.attendee_timezone,
                "source": row.source,
                "name": details.name,
                "email": details.email,
                "phone": details.phone,
                "guests": details.guests,
                "location": details.location,
                "answers": details.answers,
                "reason": details.reason,
                "no_show": row.no_show,
                "payment": row.payment,
                "created_at": row.created_at,
            }));
        }
        Ok(out)
    })
}

store::personal!(PersonalTable {
    table: "booking",
    class: "booking",
    subject: "contact",
    columns: &["sealed"],
    erase: &[ERASE_SEATS, ERASE_UNITS, ERASE_HOSTS, ERASE_SESSIONS, ERASE],
    kept: None,
    collect: Some(collect),
});

store::parting!(store::Parting { table: "booking", jobs: parted });

/// Whoever is erased does not pay for what they will not have, and their bookings stand in nobody's calendar.
fn parted(ctx: &Ctx, subject: ContactId) -> BoxFuture<'_, store::Result<Vec<NewJob>>> {
    Box::pin(async move {
        let rows: Vec<Booking> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, subject]).await?;
        Ok(rows.iter().flat_map(|row| leaving(ctx, row)).collect())
    })
}

/// The jobs of a booking whose row goes: its copies in calendars, and the money for what was still to come.
fn leaving(ctx: &Ctx, booking: &Booking) -> Vec<NewJob> {
    let still_to_come = booking.state.is_live() && booking.end > ctx.now();
    let money = still_to_come.then(|| Ending::of(booking, None, (By::System, None), ctx.now()).job).flatten();
    [Some(uncopied(booking.id)), money].into_iter().flatten().collect()
}

fn uncopied(id: BookingId) -> NewJob {
    NewJob::now(super::CALENDAR_QUEUE, json!({ "booking": id })).key(id.to_string())
}

store::retention!(RetentionRule {
    table: "booking",
    class: "booking",
    covers: &[],
    event: "the end of the appointment",
    due_by: DueBy::Instant,
    find: DUE,
    end: &[DELETE_ONE],
    before: None,
    after: Some(gone),
});

/// What bookings leave behind elsewhere goes with them: copies in calendars and the log of their mail.
fn gone<'a>(ctx: &'a Ctx, rows: &'a [DueRow]) -> BoxFuture<'a, store::Result<()>> {
    Box::pin(async move {
        let mut batch = ctx.batch();
        for row in rows {
            let Some(id) = row.key.first().cloned() else { continue };
            let id = BookingId::from_value(id)?;
            batch.job(uncopied(id));
            crate::mails::log::forget(ctx, id).await.map_err(|error| store::Error::Refused(error.problem()))?;
        }
        ctx.db.apply(batch).await?;
        Ok(())
    })
}

/// Erases every booking of whoever has this address, at once and for free. The contact and what it stands for stay.
/// Tells how many.
///
/// # Errors
/// When the store fails.
pub async fn erase_by_email(ctx: &Ctx, email: &Email) -> Result<u64> {
    let Some(contact) = people::contacts::by_email(ctx, email).await? else { return Ok(0) };
    let rows: Vec<Booking> = ctx.db.all(OF_SUBJECT, params![ctx.workspace, contact]).await?;
    for row in &rows {
        erase_one(ctx, row).await?;
    }
    Ok(rows.len() as u64)
}

/// Erases the bookings of an event type that came from one place, such as the samples. Tells who had booked, one for each booking.
///
/// # Errors
/// When the store fails.
pub async fn erase_of_source(ctx: &Ctx, event_type: EventTypeId, source: &str) -> Result<Vec<ContactId>> {
    let rows: Vec<Booking> = ctx.db.all(OF_SOURCE, params![ctx.workspace, event_type, source]).await?;
    for row in &rows {
        erase_one(ctx, row).await?;
    }
    Ok(rows.into_iter().map(|row| row.contact).collect())
}

/// Ends one booking for good: its seat is free, its row gone, its copies in calendars are taken away.
async fn erase_one(ctx: &Ctx, booking: &Booking) -> Result<()> {
    crate::mails::log::forget(ctx, booking.id).await?;
    let (inner, gone) = (ctx.clone(), booking.clone());
    ctx.db
        .tx(move |tx| {
            let ctx = &inner;
            if gone.state.is_live() && gone.end > ctx.now() {
                claim::leave(tx, ctx.workspace, gone.session, ctx.now())?;
            }
            tx.exec(DELETE_ONE, params![ctx.workspace, gone.id])?;
            let mut batch = ctx.batch();
            for job in leaving(ctx, &gone) {
                batch.job(job);
            }
            batch.feed(store::Feed { kind: "booking.erased", entity: gone.id.into(), data: json!({}) });
            tx.apply(batch)?;
            Ok(())
        })
        .await?;
    Ok(())
}

/// What is due in a workspace: bookings whose event type keeps them for a term of its own, holds that ran out,
/// payments that did not come, hosts whose members left.
///
/// # Errors
/// When the store fails.
pub async fn tick(ctx: &Ctx) -> Result<()> {
    holds::sweep(ctx).await?;
    let unpaid: Vec<(BookingId,)> = ctx.db.all(UNPAID, params![ctx.workspace, ctx.now()]).await?;
    let mut batch = ctx.batch();
    for (id,) in unpaid {
        // Each has a job of its own; one that was lost is made again.
        batch.job(crate::payments::job::lapse(id, ctx.now()));
    }
    ctx.db.apply(batch).await?;
    loop {
        let due: Vec<(BookingId,)> = ctx.db.all(DUE_OWN, params![ctx.workspace, ctx.now()]).await?;
        for (id,) in &due {
            let booking = get(ctx, *id).await?;
            erase_one(ctx, &booking).await?;
        }
        if due.len() < 500 {
            break;
        }
    }
    super::answers::end(ctx).await?;
    crate::calendars::clear_orphans(ctx).await?;
    crate::mails::log::clear_orphans(ctx).await?;
    hosts::part_with_former_members(ctx).await?;
    trim_units(ctx).await
}

/// Minutes that have passed need no key any more.
async fn trim_units(ctx: &Ctx) -> Result<()> {
    let before = ctx.now().plus_micros(-2 * Timestamp::DAY).0.div_euclid(crate::slots::MINUTE);
    let mut batch = ctx.batch();
    for host in hosts::list(ctx).await? {
        batch.push(claim::PAST_UNITS, params![ctx.workspace, host.id, before]);
    }
    for room in crate::resources::list(ctx).await? {
        batch.push(claim::PAST_UNITS, params![ctx.workspace, room.id, before]);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Bookings still to come whose agreed civil time is another instant today than when they were made, because the
/// rules of their zone changed. They are listed, never moved silently.
///
/// # Errors
/// When the store fails.
pub async fn moved_by_zones(ctx: &Ctx) -> Result<Vec<(Booking, Timestamp)>> {
    let rows: Vec<Booking> = ctx.db.all(UPCOMING, params![ctx.workspace, ctx.now()]).await?;
    let mut out = Vec::new();
    for row in rows {
        let Ok(zone) = zone("timezone", &row.timezone) else { continue };
        // In a fold one civil time is two instants: it still means the one that was booked.
        if crate::model::civil_text(&zone, row.start.0) == row.civil {
            continue;
        }
        if let Some(at) = civil_instant(&zone, &row.civil) {
            out.push((row, Timestamp(at)));
        }
    }
    Ok(out)
}

store::retention!(RetentionRule {
    table: "booking_session_host",
    class: "booking",
    covers: &["host_unit", "booking_session"],
    event: "the session's start",
    due_by: DueBy::Instant,
    find: OLD_SESSIONS,
    end: &[claim::RELEASE_UNITS_ONE, claim::OLD_SESSION_ROW, OLD_SESSION],
    before: None,
    after: None,
});

store::personal!(PersonalTable {
    table: "booking_hold",
    class: "technical.day",
    subject: "",
    columns: &["client"],
    erase: &[],
    kept: Some(
        "a time held while somebody fills in the form, under a keyed hash of their browser: gone within minutes"
    ),
    collect: None,
});

store::retention!(RetentionRule {
    table: "booking_hold",
    class: "technical.day",
    covers: &[],
    event: "its end",
    due_by: DueBy::Instant,
    find: HOLD_ROWS,
    end: &[HOLD_ROW],
    before: None,
    after: None,
});
