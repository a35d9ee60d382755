//! Claims on time: the one place where a host's minutes change hands.
//!
//! Every minute of a host (or room) that a session takes, buffers included, is a row with the key (workspace, host,
//! minute). Two sessions cannot own one row, whatever the code above believes: double booking is refused by the
//! primary key, on both engines. A held session's minutes carry an end and can be taken over afterwards.

use kernel::{EventTypeId, HostId, RawId, Timestamp, WorkspaceId};
use store::{Tx, params};

use crate::slots::MINUTE;

/// Owned without end.
pub(crate) const FOREVER: i64 = i64::MAX;

store::sql! {
    /// Locks the event type for the rest of the transaction, so that seats and turns are counted by one at a time.
    pub(crate) TURN = "UPDATE event_type SET turn = turn + 1 WHERE workspace = $1 AND id = $2 AND state <> 'archived'";
    /// Takes minutes that are free, the session's own, or held by somebody whose time is over.
    pub(crate) CLAIM = "WITH RECURSIVE minute (at) AS (SELECT CAST($4 AS BIGINT) UNION ALL SELECT at + 1 FROM minute WHERE at + 1 < CAST($5 AS BIGINT))
        INSERT INTO host_unit (workspace, host, unit, session, until) SELECT CAST($1 AS {id}), CAST($2 AS {id}), at, CAST($3 AS {id}), CAST($6 AS BIGINT)
        FROM minute WHERE at >= 0
        ON CONFLICT (workspace, host, unit) DO UPDATE SET session = excluded.session, until = excluded.until
        WHERE host_unit.session = excluded.session OR host_unit.until <= $7";
    pub(crate) RELEASE_UNITS = "DELETE FROM host_unit WHERE workspace = $1 AND session = $2";
    pub(crate) UNITS_UNTIL = "UPDATE host_unit SET until = $3 WHERE workspace = $1 AND session = $2";
    pub(crate) RELEASE_UNITS_ONE = "DELETE FROM host_unit WHERE workspace = $1 AND session = $2 AND host = $3";
    pub(crate) PAST_UNITS = "DELETE FROM host_unit WHERE workspace = $1 AND host = $2 AND unit < $3";
    pub(crate) OLD_SESSION_ROW = "DELETE FROM booking_session WHERE workspace = $1 AND id = $2 AND CAST($3 AS {id}) IS NOT NULL";
    pub(crate) INSERT_SESSION = "INSERT INTO booking_session (workspace, id, event_type, start_at, end_at, buffer_before, buffer_after, seats, held_until, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    pub(crate) INSERT_SESSION_HOST = "INSERT INTO booking_session_host (workspace, session, host, event_type, start_at, end_at, day, assigned_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    pub(crate) DELETE_SESSION = "DELETE FROM booking_session WHERE workspace = $1 AND id = $2";
    pub(crate) DELETE_SESSION_HOSTS = "DELETE FROM booking_session_host WHERE workspace = $1 AND session = $2";
    pub(crate) ASSIGNED = "UPDATE booking_session_host SET assigned_at = $3 WHERE workspace = $1 AND session = $2 AND assigned_at = 0";
    pub(crate) SESSION = "SELECT event_type, start_at, end_at, buffer_before, buffer_after, seats, held_until FROM booking_session WHERE workspace = $1 AND id = $2";
    pub(crate) SESSION_HOSTS = "SELECT host FROM booking_session_host WHERE workspace = $1 AND session = $2 ORDER BY host";
    pub(crate) JOINABLE = "SELECT s.id FROM booking_session s JOIN booking_session_host h ON h.workspace = s.workspace AND h.session = s.id
        WHERE s.workspace = $1 AND s.event_type = $2 AND s.start_at = $3 AND s.end_at = $4 AND h.host = $5 ORDER BY s.id LIMIT 1";
    pub(crate) SEAT = "UPDATE booking_session SET seats = seats + 1, held_until = 0 WHERE workspace = $1 AND id = $2 AND seats < $3";
    pub(crate) UNSEAT = "UPDATE booking_session SET seats = seats - 1 WHERE workspace = $1 AND id = $2 AND seats > 0";
    pub(crate) HOLD_SESSION = "UPDATE booking_session SET held_until = $3 WHERE workspace = $1 AND id = $2 AND seats = 0";
    pub(crate) LIVE_HOLDS = "SELECT CAST(count(*) AS BIGINT), max(expires_at) FROM booking_hold WHERE workspace = $1 AND session = $2 AND expires_at > $3 AND id <> $4";
    pub(crate) DAY_COUNT = "SELECT CAST(COALESCE(sum(s.seats), 0) AS BIGINT) FROM booking_session_host h JOIN booking_session s ON s.workspace = h.workspace AND s.id = h.session
        WHERE h.workspace = $1 AND h.host = $2 AND h.event_type = $3 AND h.day >= $4 AND h.day < $5 AND h.start_at >= $6 AND h.start_at < $7";
}

store::row! {
    /// A session as stored.
    #[derive(Debug, Clone)]
    pub(crate) struct SessionRow {
        pub(crate) event_type: EventTypeId,
        pub(crate) start: Timestamp,
        pub(crate) end: Timestamp,
        pub(crate) before: i64,
        pub(crate) after: i64,
        pub(crate) seats: i64,
        pub(crate) held_until: i64,
    }
}

/// A place in time: what a session takes of everybody who takes part.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) event_type: EventTypeId,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// In minutes.
    pub(crate) buffers: (i64, i64),
    pub(crate) capacity: u32,
    pub(crate) limits: (Option<u32>, Option<u32>),
}

/// A host or room of a place, with the host's local date (days since 1970) of the start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part {
    pub(crate) host: HostId,
    pub(crate) day: i64,
    pub(crate) room: bool,
}

/// For whom: `forever`, or until a hold ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Term {
    pub(crate) now: Timestamp,
    pub(crate) until: i64,
}

impl Place {
    /// The minutes it takes, buffers included: first and the one after the last.
    fn minutes(&self) -> (i64, i64) {
        let from = self.start.0.saturating_sub(self.buffers.0 * MINUTE);
        let to = self.end.0.saturating_add(self.buffers.1 * MINUTE);
        (from.div_euclid(MINUTE), to.div_euclid(MINUTE) + i64::from(to.rem_euclid(MINUTE) > 0))
    }
}

/// Takes the minutes of one host for a session; `false` when somebody else has one of them. The caller ends the
/// session or the transaction then.
fn claim(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    (session, host): (RawId, HostId),
    place: &Place,
    term: Term,
) -> store::Result<bool> {
    let (from, to) = place.minutes();
    let taken = tx.exec(CLAIM, params![workspace, host, session, from, to, term.until, term.now])?;
    Ok(taken == (to - from).max(0) as u64)
}

/// Whether a host's day or week is full (rule R11), counted under the event type's lock.
fn full(tx: &mut Tx<'_>, workspace: WorkspaceId, place: &Place, part: Part) -> store::Result<bool> {
    let week = crate::slots::week(part.day);
    let monday = week * 7 - 3;
    // The index is by start; local dates reach at most a day beyond the instants' own.
    let around = |days: i64| place.start.plus_micros(days * Timestamp::DAY);
    let mut count = |from: i64, to: i64| -> store::Result<u32> {
        let values = params![workspace, part.host, place.event_type, from, to, around(-9), around(9)];
        Ok(tx.one::<(i64,)>(DAY_COUNT, values)?.0.try_into().unwrap_or(u32::MAX))
    };
    if let Some(most) = place.limits.0
        && count(part.day, part.day + 1)? >= most
    {
        return Ok(true);
    }
    match place.limits.1 {
        Some(most) => Ok(count(monday, monday + 7)? >= most),
        None => Ok(false),
    }
}

/// Takes a seat, or holds one (`seat` false), for everybody of `parts` at once: joins the session that is there, or
/// opens one. `None` when it cannot be had; nothing is left behind then.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    place: &Place,
    (parts, fresh, seat): (&[Part], RawId, bool),
    term: Term,
) -> store::Result<Option<RawId>> {
    for part in parts.iter().filter(|part| !part.room) {
        if full(tx, workspace, place, *part)? {
            return Ok(None);
        }
    }
    let Some(first) = parts.iter().find(|part| !part.room) else { return Ok(None) };
    if place.capacity > 1 {
        let values = params![workspace, place.event_type, place.start, place.end, first.host];
        if let Some((session,)) = tx.opt::<(RawId,)>(JOINABLE, values)? {
            return join(tx, workspace, place, (session, seat), term);
        }
    }
    // In the order of ids, so that two meetings with the same hosts do not wait for each other crosswise.
    let mut sorted = parts.to_vec();
    sorted.sort_unstable_by_key(|part| part.host);
    for part in &sorted {
        if !claim(tx, workspace, (fresh, part.host), place, term)? {
            tx.exec(RELEASE_UNITS, params![workspace, fresh])?;
            return Ok(None);
        }
    }
    let (seats, held) = if seat { (1i64, 0) } else { (0, term.until) };
    let values = params![
        workspace,
        fresh,
        place.event_type,
        place.start,
        place.end,
        place.buffers.0,
        place.buffers.1,
        seats,
        held,
        term.now
    ];
    tx.exec(INSERT_SESSION, values)?;
    let assigned = if seat { term.now } else { Timestamp(0) };
    for part in &sorted {
        let values = params![workspace, fresh, part.host, place.event_type, place.start, place.end, part.day, assigned];
        tx.exec(INSERT_SESSION_HOST, values)?;
    }
    Ok(Some(fresh))
}

/// A further seat of a session that is there.
fn join(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    place: &Place,
    (session, seat): (RawId, bool),
    term: Term,
) -> store::Result<Option<RawId>> {
    let (held, _): (i64, Option<i64>) = tx.one(LIVE_HOLDS, params![workspace, session, term.now, RawId::default()])?;
    let row: SessionRow = tx.one(SESSION, params![workspace, session])?;
    if row.seats + held >= i64::from(place.capacity) {
        return Ok(None);
    }
    occupy(tx, workspace, place, (session, row.seats, seat), term)
}

/// Takes the session's minutes anew (a hold may have run out meanwhile) and the seat.
fn occupy(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    place: &Place,
    (session, seats, seat): (RawId, i64, bool),
    term: Term,
) -> store::Result<Option<RawId>> {
    let hosts: Vec<(HostId,)> = tx.all(SESSION_HOSTS, params![workspace, session])?;
    // Booked time stays booked when a further seat is only held.
    let term = Term { until: if seats > 0 { FOREVER } else { term.until }, ..term };
    let stored: SessionRow = tx.one(SESSION, params![workspace, session])?;
    let own = Place { buffers: (stored.before, stored.after), ..place.clone() };
    for (host,) in &hosts {
        if !claim(tx, workspace, (session, *host), &own, term)? {
            // Somebody took over what a hold left: this session is over.
            end(tx, workspace, session)?;
            return Ok(None);
        }
    }
    if seat {
        if tx.exec(SEAT, params![workspace, session, i64::from(place.capacity)])? == 0 {
            return Ok(None);
        }
        tx.exec(ASSIGNED, params![workspace, session, term.now])?;
    } else {
        tx.exec(HOLD_SESSION, params![workspace, session, term.until])?;
    }
    Ok(Some(session))
}

/// Turns a held seat into a taken one.
pub(crate) fn redeem(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    place: &Place,
    session: RawId,
    term: Term,
) -> store::Result<Option<RawId>> {
    let Some(row) = tx.opt::<SessionRow>(SESSION, params![workspace, session])? else { return Ok(None) };
    let same = row.event_type == place.event_type && row.start == place.start && row.end == place.end;
    if !same || row.seats >= i64::from(place.capacity) {
        return Ok(None);
    }
    occupy(tx, workspace, place, (session, row.seats, true), term)
}

/// Gives a seat back. The last one frees the time.
pub(crate) fn leave(tx: &mut Tx<'_>, workspace: WorkspaceId, session: RawId, now: Timestamp) -> store::Result<()> {
    tx.exec(UNSEAT, params![workspace, session])?;
    settle(tx, workspace, session, now)
}

/// Ends a session that nobody has a seat of or holds after `now`.
pub(crate) fn settle(tx: &mut Tx<'_>, workspace: WorkspaceId, session: RawId, now: Timestamp) -> store::Result<()> {
    let Some(row) = tx.opt::<SessionRow>(SESSION, params![workspace, session])? else { return Ok(()) };
    if row.seats > 0 {
        return Ok(());
    }
    let (held, until): (i64, Option<i64>) = tx.one(LIVE_HOLDS, params![workspace, session, now, RawId::default()])?;
    if held > 0 {
        let until = until.unwrap_or(row.held_until);
        tx.exec(HOLD_SESSION, params![workspace, session, until])?;
        tx.exec(UNITS_UNTIL, params![workspace, session, until])?;
        return Ok(());
    }
    end(tx, workspace, session)
}

/// Ends a session: its minutes are free.
pub(crate) fn end(tx: &mut Tx<'_>, workspace: WorkspaceId, session: RawId) -> store::Result<()> {
    tx.exec(RELEASE_UNITS, params![workspace, session])?;
    tx.exec(DELETE_SESSION_HOSTS, params![workspace, session])?;
    tx.exec(DELETE_SESSION, params![workspace, session])?;
    Ok(())
}

/// Takes a session's minutes for another host beside the one who has it; `false` when that one is busy.
pub(crate) fn give(
    tx: &mut Tx<'_>,
    workspace: WorkspaceId,
    session: RawId,
    (_from, to): (HostId, HostId),
    now: Timestamp,
) -> store::Result<bool> {
    let Some(row) = tx.opt::<SessionRow>(SESSION, params![workspace, session])? else { return Ok(false) };
    let place = Place {
        event_type: row.event_type,
        start: row.start,
        end: row.end,
        buffers: (row.before, row.after),
        capacity: 1,
        limits: (None, None),
    };
    claim(tx, workspace, (session, to), &place, Term { now, until: FOREVER })
}
