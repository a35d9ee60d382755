//! Which starts are taken: one pass over sorted starts and sorted, merged intervals.

use std::collections::HashMap;

use super::civil::{Offsets, week};
use super::model::{Booked, Host, MINUTE, Meeting, Question, Reason, Span, Taken};
use super::windows::merge;

/// A session of the meeting's own type that may be joined (rule R12).
struct Session {
    span: Span,
    widened: Span,
    taken: u32,
}

/// What blocks a host, a room or the like.
pub(crate) struct Blocks {
    busy: Vec<Span>,
    booked: Vec<Span>,
    held: Vec<Span>,
    absent: Vec<Span>,
    /// Everything but the absences and the sessions that may be joined.
    hard: Vec<Span>,
    sessions: Vec<Session>,
}

fn widen(span: Span, buffers: (i64, i64)) -> Span {
    (span.0.saturating_sub(buffers.0.saturating_mul(MINUTE)), span.1.saturating_add(buffers.1.saturating_mul(MINUTE)))
}

fn overlaps(sorted: &[Span], span: Span) -> bool {
    let next = sorted.partition_point(|taken| taken.1 <= span.0);
    sorted.get(next).is_some_and(|taken| taken.0 < span.1)
}

/// Live bookings: all but the one that is being moved (rule R16).
fn live<'a>(taken: &'a Taken, question: &'a Question) -> impl Iterator<Item = &'a Booked> {
    let moved = question.reschedule_of;
    taken.booked.iter().filter(move |booked| Some(booked.key) != moved && booked.span.0 < booked.span.1)
}

impl Blocks {
    pub(crate) fn of(taken: &Taken, absent: &[Span], question: &Question) -> Self {
        let shared = question.meeting.capacity > 1;
        let length = question.meeting.duration * MINUTE;
        let mut sessions: HashMap<Span, Session> = HashMap::new();
        let mut join = |span: Span, buffers, seats| {
            let widened = widen(span, buffers);
            let session = sessions.entry(span).or_insert(Session { span, widened, taken: 0 });
            session.widened = (session.widened.0.min(widened.0), session.widened.1.max(widened.1));
            session.taken += seats;
        };
        let (mut booked, mut held) = (Vec::new(), Vec::new());
        for one in live(taken, question) {
            if shared && one.same_type && one.span.1 - one.span.0 == length {
                join(one.span, one.buffers, one.seats);
            } else {
                booked.push(widen(one.span, one.buffers));
            }
        }
        let others = taken.held.iter().filter(|hold| {
            hold.expires > question.now && Some(hold.holder) != question.requester && hold.span.0 < hold.span.1
        });
        for hold in others {
            if shared && hold.same_type && hold.span.1 - hold.span.0 == length {
                join(hold.span, hold.buffers, 1);
            } else {
                held.push(widen(hold.span, hold.buffers));
            }
        }
        let mut sessions: Vec<Session> = sessions.into_values().collect();
        sessions.sort_unstable_by_key(|session| session.widened);
        let (busy, booked, held) = (merge(taken.busy.clone()), merge(booked), merge(held));
        let hard = merge([&busy[..], &booked[..], &held[..]].concat());
        Self { busy, booked, held, absent: merge(absent.to_vec()), hard, sessions }
    }

    /// Of sorted starts, those that are free.
    pub(crate) fn keep(&self, starts: &mut Vec<i64>, meeting: &Meeting) {
        let (before, after) = (meeting.buffer_before * MINUTE, (meeting.duration + meeting.buffer_after) * MINUTE);
        let length = meeting.duration * MINUTE;
        let (mut hard, mut absent) = (0, 0);
        starts.retain(|&start| {
            while self.hard.get(hard).is_some_and(|span| span.1 <= start - before) {
                hard += 1;
            }
            while self.absent.get(absent).is_some_and(|span| span.1 <= start) {
                absent += 1;
            }
            self.hard.get(hard).is_none_or(|span| span.0 >= start + after)
                && self.absent.get(absent).is_none_or(|span| span.0 >= start + length)
                && (self.sessions.is_empty() || self.seat(start, meeting).is_none())
        });
    }

    /// Why the sessions of the same type do not let a meeting start then, if they do not.
    fn seat(&self, start: i64, meeting: &Meeting) -> Option<Reason> {
        let slot = (start, start + meeting.duration * MINUTE);
        let around = widen(slot, (meeting.buffer_before, meeting.buffer_after));
        let mut found = None;
        for session in self.sessions.iter().take_while(|session| session.widened.0 < around.1) {
            if session.widened.1 <= around.0 {
                continue;
            }
            if session.span == slot {
                if session.taken >= meeting.capacity {
                    found = Some(Reason::Full);
                }
            } else if session.span.0 < slot.1 && slot.0 < session.span.1 {
                return Some(Reason::Booked);
            } else {
                found = found.or(Some(Reason::Buffer));
            }
        }
        found
    }

    /// Why no meeting can start then, if none can.
    pub(crate) fn reason(&self, start: i64, meeting: &Meeting) -> Option<Reason> {
        let slot = (start, start + meeting.duration * MINUTE);
        let around = widen(slot, (meeting.buffer_before, meeting.buffer_after));
        if overlaps(&self.absent, slot) {
            return Some(Reason::OutOfOffice);
        }
        if overlaps(&self.busy, slot) {
            return Some(Reason::Busy);
        }
        let session = self.seat(start, meeting);
        if matches!(session, Some(Reason::Full | Reason::Booked)) {
            return session;
        }
        // Widened by their buffers: whether only those are in the way is told apart by what was there before.
        for (spans, reason) in [(&self.booked, Reason::Booked), (&self.held, Reason::Held)] {
            if overlaps(spans, slot) {
                return Some(reason);
            }
        }
        if overlaps(&self.hard, around) { Some(Reason::Buffer) } else { session }
    }
}

/// Rule R11: which of a host's dates and weeks are full.
pub(crate) struct Limits {
    days: HashMap<i64, u32>,
    weeks: HashMap<i64, u32>,
    per_day: Option<u32>,
    per_week: Option<u32>,
}

impl Limits {
    pub(crate) fn of(host: &Host, offsets: &Offsets, question: &Question) -> Self {
        let (per_day, per_week) = (question.meeting.max_per_day, question.meeting.max_per_week);
        let (mut days, mut weeks) = (HashMap::new(), HashMap::new());
        if per_day.is_some() || per_week.is_some() {
            for one in live(&host.taken, question).filter(|booked| booked.same_type) {
                let day = offsets.day(one.span.0);
                *days.entry(day).or_insert(0) += one.seats;
                *weeks.entry(week(day)).or_insert(0) += one.seats;
            }
        }
        Self { days, weeks, per_day, per_week }
    }

    /// Why nothing more fits on this date of the host, if nothing does.
    pub(crate) fn reason(&self, day: i64) -> Option<Reason> {
        let full = |counts: &HashMap<i64, u32>, key: i64, limit: Option<u32>| {
            limit.is_some_and(|limit| counts.get(&key).copied().unwrap_or(0) >= limit)
        };
        if full(&self.days, day, self.per_day) {
            Some(Reason::DayLimit)
        } else if full(&self.weeks, week(day), self.per_week) {
            Some(Reason::WeekLimit)
        } else {
            None
        }
    }

    pub(crate) fn none(&self) -> bool {
        self.per_day.is_none() && self.per_week.is_none()
    }
}
