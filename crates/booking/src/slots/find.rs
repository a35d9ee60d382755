//! The search itself: grids, filters, and who is free (rules R7 to R16).

use super::civil::{Offsets, day_number};
use super::model::{Answer, MINUTE, Mode, Question, Reason, SlotError, Span, Start, Why};
use super::sweep::{Blocks, Limits};
use super::why::Missing;
use super::windows::{Day, days, intersect, together};

/// The longest range of one question, in days.
pub const MOST_DAYS: i64 = 1100;
/// The most hosts of one question.
pub const MOST_HOSTS: usize = 1000;
/// The most starts that one question looks at.
const MOST_STARTS: usize = 2_000_000;
/// The longest meeting, and the longest buffer, in minutes: four weeks.
pub const LONGEST: i64 = 40_320;

/// A host with everything that is computed of it once.
pub(crate) struct Prepared {
    pub(crate) days: Vec<Day>,
    pub(crate) there: Vec<Span>,
    pub(crate) blocks: Blocks,
    pub(crate) limits: Limits,
    pub(crate) offsets: Offsets,
}

/// What holds for every host: notice and bookable dates.
struct Bounds {
    earliest: i64,
    offsets: Offsets,
    rolling: Option<i64>,
    first: Option<i64>,
    last: Option<i64>,
}

impl Bounds {
    fn of(question: &Question) -> Self {
        let meeting = &question.meeting;
        let zone = meeting.zone.as_ref().or_else(|| question.hosts.first().map(|host| &host.zone));
        let zone = zone.cloned().unwrap_or(jiff::tz::TimeZone::UTC);
        let offsets = Offsets::over(&zone, (question.from.min(question.now), question.to.max(question.now)));
        let today = offsets.day(question.now);
        Self {
            earliest: question.now.saturating_add(meeting.min_notice.saturating_mul(MINUTE)),
            rolling: meeting.rolling_days.map(|days| today.saturating_add(days)),
            first: meeting.date_range.0.map(day_number),
            last: meeting.date_range.1.map(day_number),
            offsets,
        }
    }

    fn reason(&self, start: i64) -> Option<Reason> {
        if start < self.earliest {
            return Some(Reason::Notice);
        }
        if self.rolling.is_none() && self.first.is_none() && self.last.is_none() {
            return None;
        }
        let day = self.offsets.day(start);
        if self.first.is_some_and(|first| day < first) || self.last.is_some_and(|last| day > last) {
            Some(Reason::DateRange)
        } else if self.rolling.is_some_and(|last| day > last) {
            Some(Reason::RollingWindow)
        } else {
            None
        }
    }
}

fn check(question: &Question) -> Result<(), SlotError> {
    let meeting = &question.meeting;
    if !(1..=LONGEST).contains(&meeting.duration) {
        return Err(SlotError::Invalid("meeting.duration: expected 1 to 40320 minutes"));
    }
    if !(1..=LONGEST).contains(&meeting.step) {
        return Err(SlotError::Invalid("meeting.step: expected 1 to 40320 minutes"));
    }
    if !(0..=LONGEST).contains(&meeting.buffer_before) || !(0..=LONGEST).contains(&meeting.buffer_after) {
        return Err(SlotError::Invalid("meeting.buffer_before and buffer_after: expected 0 to 40320 minutes"));
    }
    if meeting.min_notice < 0 || meeting.rolling_days.is_some_and(|days| days < 0) {
        return Err(SlotError::Invalid("meeting.min_notice and rolling_days: expected 0 or more"));
    }
    if meeting.align.is_some_and(|align| !(1..=1440).contains(&align)) {
        return Err(SlotError::Invalid("meeting.align: expected 1 to 1440 minutes"));
    }
    if question.hosts.is_empty() {
        return Err(SlotError::Invalid("hosts: expected at least one"));
    }
    if question.hosts.len() > MOST_HOSTS {
        return Err(SlotError::TooLarge("hosts: more than 1000"));
    }
    if question.to.saturating_sub(question.from) > MOST_DAYS * kernel::Timestamp::DAY {
        return Err(SlotError::TooLarge("query: longer than 1100 days"));
    }
    Ok(())
}

/// Every start of the question's meeting, with who is free, and on demand why others are missing. Rules R1 to R17
/// of docs/reference/slots.md; pure: the same question has the same answer.
///
/// # Errors
/// When the question is out of bounds.
pub fn find(question: &Question) -> Result<Answer, SlotError> {
    check(question)?;
    if question.from >= question.to {
        return Ok(Answer::default());
    }
    let meeting = &question.meeting;
    let range = (question.from, question.to.saturating_add(meeting.duration * MINUTE));
    let used = if meeting.mode == Mode::Single { &question.hosts[..1] } else { &question.hosts[..] };
    let reach = reach(question, range);
    let hosts: Vec<Prepared> = used
        .iter()
        .map(|host| {
            let days = days(host, range);
            let offsets = Offsets::over(&host.zone, reach);
            Prepared {
                there: together(&days),
                blocks: Blocks::of(&host.taken, &host.absent, question),
                limits: Limits::of(host, &offsets, question),
                days,
                offsets,
            }
        })
        .collect();
    let rooms: Vec<Vec<Blocks>> = question
        .rooms
        .iter()
        .map(|group| group.iter().map(|taken| Blocks::of(taken, &[], question)).collect())
        .collect();
    let mut search =
        Search { question, bounds: Bounds::of(question), hosts, rooms, seen: 0, missing: Missing::default() };
    let starts = search.run()?;
    let why = if question.why { search.missing.told() } else { Vec::new() };
    Ok(Answer { starts, why })
}

/// The range over which local clocks and dates are asked: the question's with the days whose windows reach into it,
/// and that of every booking that counts.
fn reach(question: &Question, range: Span) -> Span {
    let around = 4 * kernel::Timestamp::DAY;
    let range = (range.0.saturating_sub(around), range.1.saturating_add(around));
    let counted = question.meeting.max_per_day.is_some() || question.meeting.max_per_week.is_some();
    let booked = question.hosts.iter().filter(|_| counted).flat_map(|host| &host.taken.booked);
    booked.fold(range, |reach, one| (reach.0.min(one.span.0), reach.1.max(one.span.0)))
}

struct Search<'a> {
    question: &'a Question,
    bounds: Bounds,
    hosts: Vec<Prepared>,
    rooms: Vec<Vec<Blocks>>,
    seen: usize,
    missing: Missing,
}

impl Search<'_> {
    fn run(&mut self) -> Result<Vec<Start>, SlotError> {
        let all: Vec<usize> = (0..self.hosts.len()).collect();
        if self.question.meeting.mode != Mode::RoundRobin {
            let starts = self.team(&all)?;
            return Ok(starts.into_iter().map(|at| Start { at, hosts: all.clone() }).collect());
        }
        let (fixed, pool): (Vec<usize>, Vec<usize>) = all.iter().partition(|&&host| self.question.hosts[host].fixed);
        if pool.is_empty() {
            let starts = self.team(&fixed)?;
            return Ok(starts.into_iter().map(|at| Start { at, hosts: fixed.clone() }).collect());
        }
        let mut found: Vec<(i64, usize)> = Vec::new();
        for member in pool {
            let mut team = fixed.clone();
            team.push(member);
            found.extend(self.team(&team)?.into_iter().map(|at| (at, member)));
        }
        found.sort_unstable();
        let mut out: Vec<Start> = Vec::new();
        for (at, member) in found {
            match out.last_mut() {
                Some(last) if last.at == at => last.hosts.push(member),
                _ => {
                    let mut hosts = fixed.clone();
                    hosts.push(member);
                    out.push(Start { at, hosts });
                }
            }
        }
        if !fixed.is_empty() {
            for start in &mut out {
                start.hosts.sort_unstable();
            }
        }
        Ok(out)
    }

    /// The starts at which everybody of the team is there and free; the grid is the first one's.
    fn team(&mut self, team: &[usize]) -> Result<Vec<i64>, SlotError> {
        let Some((&first, others)) = team.split_first() else { return Ok(Vec::new()) };
        let mut there = self.hosts[first].there.clone();
        for &other in others {
            there = intersect(&there, &self.hosts[other].there);
        }
        let mut starts = self.grid(first, &there, others.is_empty())?;
        if self.question.why {
            self.note_closed(first, others, &there);
            self.note_refused(team, &starts);
        }
        let (bounds, meeting) = (&self.bounds, &self.question.meeting);
        starts.retain(|&start| bounds.reason(start).is_none());
        for &member in team {
            let host = &self.hosts[member];
            if !host.limits.none() {
                starts.retain(|&start| host.limits.reason(host.offsets.day(start)).is_none());
            }
            host.blocks.keep(&mut starts, meeting);
        }
        for group in &self.rooms {
            starts.retain(|&start| group.iter().any(|room| room.reason(start, meeting).is_none()));
        }
        Ok(starts)
    }

    /// Rule R7 (and R13 for a team): the sorted starts of every date's windows, cut to the time that everybody is
    /// there, at which the meeting fits.
    fn grid(&mut self, first: usize, there: &[Span], alone: bool) -> Result<Vec<i64>, SlotError> {
        let (question, host) = (self.question, &self.hosts[first]);
        let (step, length) = (question.meeting.step * MINUTE, question.meeting.duration * MINUTE);
        let (mut starts, mut sorted) = (Vec::new(), true);
        for day in &host.days {
            let cut;
            let windows = if alone {
                &day.windows
            } else {
                cut = intersect(&day.windows, there);
                &cut
            };
            for window in windows {
                let anchor = question.meeting.align.map_or(window.0, |unit| host.offsets.align(window.0, unit));
                let skipped = (question.from - anchor + step - 1).div_euclid(step).max(0);
                let until = window.1.min(question.to);
                let mut start = anchor.saturating_add(skipped.saturating_mul(step));
                let whole = there.partition_point(|span| span.1 <= window.0);
                let end = there.get(whole).map_or(window.1, |span| span.1);
                while start < until {
                    if start + length <= end {
                        sorted &= starts.last().is_none_or(|&last| last < start);
                        starts.push(start);
                    } else if question.why {
                        self.missing.start(start, step, Reason::TooShort, first);
                    }
                    self.seen += 1;
                    start += step;
                }
                if self.seen > MOST_STARTS {
                    return Err(SlotError::TooLarge("query: more than two million starts to look at"));
                }
            }
        }
        if !sorted {
            starts.sort_unstable();
            starts.dedup();
        }
        Ok(starts)
    }

    fn note_closed(&mut self, first: usize, others: &[usize], there: &[Span]) {
        let range = (self.question.from, self.question.to);
        let host = &self.hosts[first];
        for (day, next) in host.days.iter().zip(host.days.iter().skip(1)) {
            let zone = &self.question.hosts[first].zone;
            let of = |day: &Day| super::civil::edge(zone, super::civil::civil(day.date, 0));
            let date = (of(day).max(range.0), of(next).min(range.1));
            for gap in super::windows::without(date, &host.there) {
                self.missing.span(Why { from: gap.0, to: gap.1, reason: day.closed, host: first });
            }
        }
        if !others.is_empty() {
            for window in intersect(&host.there, &[range]) {
                for gap in super::windows::without(window, there) {
                    self.missing.span(Why { from: gap.0, to: gap.1, reason: Reason::NotTogether, host: first });
                }
            }
        }
    }

    fn note_refused(&mut self, team: &[usize], starts: &[i64]) {
        let meeting = &self.question.meeting;
        let step = meeting.step * MINUTE;
        let first = team.first().copied().unwrap_or(0);
        for &start in starts {
            let found = self.bounds.reason(start).map(|reason| (reason, first)).or_else(|| {
                team.iter().find_map(|&member| {
                    let host = &self.hosts[member];
                    let reason = host.blocks.reason(start, meeting);
                    let reason = host.limits.reason(host.offsets.day(start)).or(reason);
                    reason.map(|reason| (reason, member))
                })
            });
            let found = found.or_else(|| {
                let taken =
                    self.rooms.iter().any(|group| group.iter().all(|room| room.reason(start, meeting).is_some()));
                taken.then_some((Reason::Room, first))
            });
            if let Some((reason, host)) = found {
                self.missing.start(start, step, reason, host);
            }
        }
    }
}
