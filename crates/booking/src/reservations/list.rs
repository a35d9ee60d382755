//! Bookings as members look at them.

use std::collections::BTreeMap;

use kernel::{BookingId, ContactId, EventTypeId, HostId, Timestamp};
use serde::Serialize;
use store::{Ctx, params};
use utoipa::ToSchema;

use super::model::{Booking, State};
use crate::Result;

/// The most rows looked at for one answer.
const MOST_LOOKED_AT: usize = 5000;

store::sql! {
    BETWEEN = "SELECT id, session, event_type, contact, state, sequence, start_at, end_at, timezone, civil, attendee_timezone, language, source,
        no_show, payment, payment_reference, ended_by, created_at, updated_at, sealed FROM booking
        WHERE workspace = $1 AND start_at >= $2 AND start_at < $3 AND (start_at > $4 OR (start_at = $4 AND id > $5)) ORDER BY start_at, id LIMIT $6";
    OF_CONTACT = "SELECT id, session, event_type, contact, state, sequence, start_at, end_at, timezone, civil, attendee_timezone, language, source,
        no_show, payment, payment_reference, ended_by, created_at, updated_at, sealed FROM booking
        WHERE workspace = $1 AND contact = $2 ORDER BY start_at DESC LIMIT 500";
    SESSIONS_OF_HOST = "SELECT session FROM booking_session_host WHERE workspace = $1 AND host = $2 AND start_at >= $3 AND start_at < $4";
    SUMS = "SELECT event_type, state, no_show, CAST(count(*) AS BIGINT) FROM booking WHERE workspace = $1 AND start_at >= $2 AND start_at < $3
        GROUP BY event_type, state, no_show";
    HOST_SUMS = "SELECT h.host, CAST(count(*) AS BIGINT) FROM booking_session_host h JOIN booking_session s ON s.workspace = h.workspace AND s.id = h.session
        WHERE h.workspace = $1 AND h.host = $2 AND h.start_at >= $3 AND h.start_at < $4 AND s.seats > 0 GROUP BY h.host";
}

/// Which bookings.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Starting from (inclusive) …
    pub from: Timestamp,
    /// … to (exclusive).
    pub to: Timestamp,
    /// Of this host.
    pub host: Option<HostId>,
    /// Of this event type.
    pub event_type: Option<EventTypeId>,
    /// In this state.
    pub state: Option<State>,
    /// Of this person.
    pub contact: Option<ContactId>,
    /// After this one.
    pub after: Option<(Timestamp, BookingId)>,
}

/// Bookings by start, at most `limit` of them.
///
/// # Errors
/// When the database fails.
pub async fn list(ctx: &Ctx, filter: &Filter, limit: usize) -> Result<Vec<Booking>> {
    let mut sessions = None;
    if let Some(host) = filter.host {
        let rows: Vec<(kernel::RawId,)> =
            ctx.db.all(SESSIONS_OF_HOST, params![ctx.workspace, host, filter.from, filter.to]).await?;
        sessions = Some(rows.into_iter().map(|row| row.0).collect::<std::collections::HashSet<_>>());
    }
    let fits = |one: &Booking| {
        filter.event_type.is_none_or(|event_type| one.event_type == event_type)
            && filter.state.is_none_or(|state| one.state == state)
            && sessions.as_ref().is_none_or(|sessions| sessions.contains(&one.session))
    };
    if let Some(contact) = filter.contact {
        let all: Vec<Booking> = ctx.db.all(OF_CONTACT, params![ctx.workspace, contact]).await?;
        let within = |one: &Booking| one.start >= filter.from && one.start < filter.to;
        return Ok(all.into_iter().filter(|one| within(one) && fits(one)).take(limit).collect());
    }
    let (mut out, mut after) = (Vec::new(), filter.after.unwrap_or((Timestamp(i64::MIN), BookingId([0; 16]))));
    // What does not fit is skipped here, a page at a time, and never more than a bounded number.
    let mut looked = 0;
    while out.len() < limit && looked < MOST_LOOKED_AT {
        let page = limit.clamp(50, 500);
        let values = params![ctx.workspace, filter.from, filter.to, after.0, after.1, page];
        let rows: Vec<Booking> = ctx.db.all(BETWEEN, values).await?;
        let last = rows.last().map(|one| (one.start, one.id));
        looked += rows.len();
        let full = rows.len() == page;
        out.extend(rows.into_iter().filter(|one| fits(one)));
        match last {
            Some(last) if full => after = last,
            _ => break,
        }
    }
    out.truncate(limit);
    Ok(out)
}

/// Figures of a range.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = BookingReport)]
pub struct Report {
    /// Bookings that stand or stood.
    pub booked: u64,
    /// Called off.
    pub cancelled: u64,
    /// Refused by a member.
    pub declined: u64,
    /// Not come to.
    pub no_show: u64,
    /// Sessions by host.
    pub by_host: Vec<HostFigures>,
    /// Bookings by event type.
    pub by_event_type: Vec<TypeFigures>,
}

/// Sessions of a host.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HostFigures {
    /// The host.
    #[schema(value_type = String)]
    pub host: HostId,
    /// How many.
    pub sessions: u64,
}

/// Bookings of an event type.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TypeFigures {
    /// The event type.
    #[schema(value_type = String)]
    pub event_type: EventTypeId,
    /// Bookings that stand or stood.
    pub booked: u64,
    /// Called off.
    pub cancelled: u64,
    /// Not come to.
    pub no_show: u64,
}

/// Figures of the bookings that start within a range.
///
/// # Errors
/// When the database fails.
pub async fn report(ctx: &Ctx, from: Timestamp, to: Timestamp) -> Result<Report> {
    let rows: Vec<(EventTypeId, String, i64, u64)> = ctx.db.all(SUMS, params![ctx.workspace, from, to]).await?;
    let (mut out, mut by_type) = (Report::default(), BTreeMap::new());
    for (event_type, state, no_show, count) in rows {
        let figures =
            by_type.entry(event_type).or_insert(TypeFigures { event_type, booked: 0, cancelled: 0, no_show: 0 });
        match State::read(&state) {
            Some(State::Cancelled) => {
                out.cancelled += count;
                figures.cancelled += count;
            }
            Some(State::Declined) => out.declined += count,
            _ => {
                out.booked += count;
                figures.booked += count;
            }
        }
        if no_show != 0 {
            out.no_show += count;
            figures.no_show += count;
        }
    }
    out.by_event_type = by_type.into_values().collect();
    let hosts = crate::hosts::list(ctx).await?;
    let sets = hosts.iter().map(|host| params![ctx.workspace, host.id, from, to]).collect();
    let sums: Vec<Vec<(HostId, u64)>> = ctx.db.many(HOST_SUMS, sets).await?;
    out.by_host = sums.into_iter().flatten().map(|(host, sessions)| HostFigures { host, sessions }).collect();
    Ok(out)
}
