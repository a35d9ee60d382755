//! What is on offer: the slot function's question, filled from the database. Picker, booking path and
//! troubleshooter all come here.

use std::collections::{HashMap, HashSet};

use jiff::tz::TimeZone;
use kernel::{BookingId, EventTypeId, HoldId, HostId, Timestamp};
use store::{Ctx, params};

use crate::event_types::EventType;
use crate::model::{Definition, Hours, zone};
use crate::slots::{self, Answer, Booked, Held, MINUTE, Meeting, Mode, Question, Span, Taken};
use crate::{Result, calendars, hosts, reservations, schedules};

/// Bookings so far beyond the range still matter: weeks that limits count, buffers, long meetings.
const AROUND: i64 = 9 * Timestamp::DAY;
/// The longest range of one question to the database.
pub const MOST_DAYS: i64 = 100;

store::sql! {
    SESSIONS = "SELECT h.host, s.id, s.event_type, s.start_at, s.end_at, s.buffer_before, s.buffer_after, s.seats
        FROM booking_session_host h JOIN booking_session s ON s.workspace = h.workspace AND s.id = h.session
        WHERE h.workspace = $1 AND h.host = $2 AND h.start_at >= $3 AND h.start_at < $4";
    HOLDS = "SELECT id, session, client, expires_at FROM booking_hold WHERE workspace = $1 AND expires_at > $2";
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Starts from (inclusive) …
    pub from: Timestamp,
    /// … to (exclusive).
    pub to: Timestamp,
    /// How long; the event type's own when absent.
    pub duration: Option<u32>,
    /// With this host only.
    pub host: Option<HostId>,
    /// Whose hold does not block.
    pub hold: Option<HoldId>,
    /// The booking that is being moved.
    pub reschedule_of: Option<BookingId>,
    /// Whether reasons are wanted.
    pub why: bool,
}

impl Wanted {
    /// All starts of a range.
    pub fn between(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to, duration: None, host: None, hold: None, reschedule_of: None, why: false }
    }
}

/// Who takes part in a question, in the order of its places.
#[derive(Debug, Clone)]
pub struct Taking {
    /// The host.
    pub host: HostId,
    /// The host's zone.
    pub zone: TimeZone,
    /// Whether the host takes part in every meeting.
    pub fixed: bool,
}

/// What is on offer.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Who the places of [`Answer`] are.
    pub hosts: Vec<Taking>,
    /// Who must be free, hand-overs considered.
    pub mode: Mode,
    /// How long a meeting takes, in minutes.
    pub duration: u32,
    /// The times.
    pub answer: Answer,
    /// Seats taken by session start and host, in meetings with seats.
    pub seats: HashMap<(i64, HostId), u32>,
}

struct Session {
    host: HostId,
    id: kernel::RawId,
    booked: Booked,
}

impl store::FromRow for Session {
    fn from_row(row: &mut store::Row) -> store::Result<Self> {
        let (host, id) = (row.take()?, row.take()?);
        let event_type: EventTypeId = row.take()?;
        let span: Span = (row.take()?, row.take()?);
        let buffers: (i64, i64) = (row.take()?, row.take()?);
        let seats: i64 = row.take()?;
        // The type stands in `key` until the caller knows which one is its own.
        let key = u64::from_be_bytes(event_type.0[8..].try_into().unwrap_or_default());
        let seats = u32::try_from(seats).unwrap_or(0);
        Ok(Self { host, id, booked: Booked { key, span, buffers, same_type: false, seats } })
    }
}

/// What is taken of the time of hosts and resources.
pub(crate) struct Occupied {
    by_host: HashMap<HostId, Taken>,
}

impl Occupied {
    pub(crate) async fn load(ctx: &Ctx, of: &EventType, ids: &[HostId], wanted: &Wanted) -> Result<Self> {
        let (from, to) = (wanted.from.plus_micros(-AROUND), wanted.to.plus_micros(AROUND));
        let sets = ids.iter().map(|host| params![ctx.workspace, *host, from, to]).collect();
        let sessions: Vec<Session> = ctx.db.many(SESSIONS, sets).await?.into_iter().flatten().collect();
        let holds: Vec<(HoldId, kernel::RawId, Vec<u8>, Timestamp)> =
            ctx.db.all(HOLDS, params![ctx.workspace, ctx.now()]).await?;
        let moved = match wanted.reschedule_of {
            Some(booking) => reservations::session_of(ctx, booking).await?,
            None => None,
        };
        let own = u64::from_be_bytes(of.id.0[8..].try_into().unwrap_or_default());
        let mut by_host: HashMap<HostId, Taken> = ids.iter().map(|host| (*host, Taken::default())).collect();
        for session in sessions {
            let Some(taken) = by_host.get_mut(&session.host) else { continue };
            let mut booked = session.booked;
            booked.same_type = booked.key == own;
            for (hold, _, _, expires) in holds.iter().filter(|hold| hold.1 == session.id) {
                taken.held.push(Held {
                    span: booked.span,
                    buffers: booked.buffers,
                    expires: expires.0,
                    holder: u64::from(Some(*hold) == wanted.hold),
                    same_type: booked.same_type,
                });
            }
            // Rule R16: the booking that is moved leaves its seat.
            booked.seats -= u32::from(moved == Some(session.id)).min(booked.seats);
            if booked.seats > 0 {
                taken.booked.push(booked);
            }
        }
        let asked = calendars::Wanted {
            hosts: ids.to_vec(),
            event_type: of.id,
            tentative: of.definition.tentative_blocks,
            from: wanted.from.plus_micros(-2 * Timestamp::DAY),
            to: wanted.to.plus_micros(3 * Timestamp::DAY),
        };
        for (host, from, to) in calendars::busy(ctx, &asked).await? {
            if let Some(taken) = by_host.get_mut(&host) {
                taken.busy.push((from.0, to.0));
            }
        }
        Ok(Self { by_host })
    }

    fn take(&mut self, host: HostId) -> Taken {
        self.by_host.remove(&host).unwrap_or_default()
    }
}

/// A meeting of a definition, in the slot function's words.
pub(crate) fn meeting(definition: &Definition, duration: u32) -> Result<Meeting> {
    Ok(Meeting {
        duration: i64::from(duration),
        step: i64::from(definition.step.unwrap_or(duration)),
        buffer_before: i64::from(definition.buffer_before),
        buffer_after: i64::from(definition.buffer_after),
        min_notice: i64::from(definition.min_notice),
        rolling_days: definition.rolling_days.map(i64::from),
        date_range: (definition.first_date, definition.last_date),
        max_per_day: definition.max_per_day,
        max_per_week: definition.max_per_week,
        capacity: definition.capacity,
        align: definition.align.map(i64::from),
        mode: definition.mode,
        zone: definition.timezone.as_deref().map(|name| zone("timezone", name)).transpose()?,
    })
}

/// A host as it takes part, before what is taken is known.
struct Candidate {
    taking: Taking,
    hours: Hours,
    absent: Vec<Span>,
}

/// Everybody who could take part: members who are there and have hours. `None` when somebody who must is missing.
async fn candidates(ctx: &Ctx, of: &EventType, wanted: &Wanted) -> Result<Option<(Vec<Candidate>, Mode)>> {
    let definition = &of.definition;
    let known: HashMap<HostId, hosts::Host> = hosts::list(ctx).await?.into_iter().map(|host| (host.id, host)).collect();
    let all = schedules::list(ctx).await?;
    let hours_of = |host: &hosts::Host, own: Option<kernel::ScheduleId>| {
        let id = own.or(host.schedule)?;
        all.iter().find(|schedule| schedule.id == id).map(|schedule| schedule.hours.clone())
    };
    let after = wanted.from.plus_micros(-AROUND);
    let ids: Vec<HostId> = definition.hosts.iter().map(|one| one.host).collect();
    let absent_ones = hosts::absences_of(ctx, &ids, after).await?;
    let (mut out, mut mode) = (Vec::new(), definition.mode);
    for (one, absences) in definition.hosts.iter().zip(absent_ones) {
        let must = definition.mode != Mode::RoundRobin || one.fixed;
        if !must && wanted.host.is_some_and(|host| host != one.host) {
            continue;
        }
        let host = known.get(&one.host).filter(|host| host.left_at.is_none());
        let Some((host, hours)) = host.and_then(|host| Some((host, hours_of(host, one.schedule)?))) else {
            if must {
                return Ok(None);
            }
            continue;
        };
        let mut absent: Vec<Span> = absences.iter().map(|absence| (absence.from.0, absence.to.0)).collect();
        absent.sort_unstable();
        let zone = zone("timezone", &hours.timezone)?;
        out.push(Candidate { taking: Taking { host: host.id, zone, fixed: one.fixed }, hours, absent });
        if definition.mode != Mode::Single {
            continue;
        }
        // While the one host is away, whoever stands in is asked, and only then.
        let stand_ins: HashSet<HostId> = absences.iter().filter_map(|absence| absence.hand_over).collect();
        for other in stand_ins {
            let Some(other) = known.get(&other).filter(|other| other.left_at.is_none()) else { continue };
            let Some(hours) = hours_of(other, None) else { continue };
            let mut there: Vec<Span> = absences
                .iter()
                .filter(|absence| absence.hand_over == Some(other.id))
                .map(|absence| (absence.from.0, absence.to.0))
                .collect();
            there.sort_unstable();
            let own = hosts::absences(ctx, other.id, after).await?;
            let mut absent = complement(&there);
            absent.extend(own.iter().map(|absence| (absence.from.0, absence.to.0)));
            let zone = crate::model::zone("timezone", &hours.timezone)?;
            out.push(Candidate { taking: Taking { host: other.id, zone, fixed: false }, hours, absent });
            mode = Mode::RoundRobin;
        }
    }
    Ok((!out.is_empty()).then_some((out, mode)))
}

/// Everything but these sorted spans.
fn complement(spans: &[Span]) -> Vec<Span> {
    let (mut out, mut from) = (Vec::new(), i64::MIN);
    for span in spans {
        out.push((from, span.0));
        from = from.max(span.1);
    }
    out.push((from, i64::MAX));
    out
}

/// The times at which an event type can be booked.
///
/// # Errors
/// When the range is too long, the duration is none of the type's, or the store fails.
pub async fn offer(ctx: &Ctx, of: &EventType, wanted: &Wanted) -> Result<Offer> {
    let definition = &of.definition;
    let duration = wanted.duration.unwrap_or(definition.duration);
    if !definition.lasts(duration) {
        return Err(crate::error::invalid("duration", "this cannot be booked in that length"));
    }
    if wanted.to.0.saturating_sub(wanted.from.0) > MOST_DAYS * Timestamp::DAY {
        return Err(crate::error::invalid("to", "at most 100 days after from"));
    }
    let mut meeting = meeting(definition, duration)?;
    let Some((candidates, mode)) = candidates(ctx, of, wanted).await? else {
        return Ok(Offer {
            hosts: Vec::new(),
            mode: definition.mode,
            duration,
            answer: Answer::default(),
            seats: HashMap::new(),
        });
    };
    if meeting.zone.is_none() {
        meeting.zone = candidates.first().map(|first| first.taking.zone.clone());
    }
    meeting.mode = mode;
    let dates = schedules::dates(ctx).await?;
    let rooms: Vec<HostId> = definition.resources.iter().flatten().map(|room| HostId(room.0)).collect();
    let ids: Vec<HostId> = candidates.iter().map(|one| one.taking.host).chain(rooms).collect();
    let mut occupied = Occupied::load(ctx, of, &ids, wanted).await?;
    let mut seats = HashMap::new();
    let (mut taking, mut asked) = (Vec::new(), Vec::new());
    for one in candidates {
        let taken = occupied.take(one.taking.host);
        for booked in taken.booked.iter().filter(|booked| booked.same_type) {
            *seats.entry((booked.span.0, one.taking.host)).or_insert(0) += booked.seats;
        }
        asked.push(slots::Host {
            zone: one.taking.zone.clone(),
            rules: one.hours.rules(),
            overrides: one.hours.overrides(),
            holidays: one.hours.holidays.iter().filter_map(|code| dates.get(code)).flatten().copied().collect(),
            absent: one.absent,
            taken,
            fixed: one.taking.fixed,
        });
        taking.push(one.taking);
    }
    let question = Question {
        now: ctx.now().0,
        from: wanted.from.0,
        to: wanted.to.0,
        meeting,
        hosts: asked,
        rooms: definition
            .resources
            .iter()
            .map(|group| group.iter().map(|room| occupied.take(HostId(room.0))).collect())
            .collect(),
        // Holds of the one who asks are marked while loading.
        requester: Some(1),
        reschedule_of: None,
        why: wanted.why,
    };
    let answer = slots::find(&question)?;
    Ok(Offer { hosts: taking, mode, duration, answer, seats })
}

impl Offer {
    /// The end of a meeting that starts then.
    pub fn end(&self, start: Timestamp) -> Timestamp {
        start.plus_micros(i64::from(self.duration) * MINUTE)
    }

    /// The seats left at a start, as far as one host has them; the capacity when nobody came yet.
    pub fn seats_left(&self, start: &slots::Start, capacity: u32) -> u32 {
        let left = start
            .hosts
            .iter()
            .filter_map(|&place| self.hosts.get(place))
            .map(|taking| capacity.saturating_sub(self.seats.get(&(start.at, taking.host)).copied().unwrap_or(0)));
        left.max().unwrap_or(0)
    }
}
