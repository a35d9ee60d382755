//! From events to stretches of time: recurrences, exceptions, replacements and ends, as instants.

use std::collections::{HashMap, HashSet};

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use kernel::Timestamp;

use super::model::{Busy, Calendar, Event, PartStat, Status};
use super::parse::Limits;
use super::recur::{Budget, Path, Walk, walk};
use super::rule::Rule;
use super::when::{self, End, Length, When};

/// For whom a calendar is read: dates and floating times are in this zone (R17), and these addresses (lower
/// case) are the reader's.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// The zone.
    pub zone: &'a TimeZone,
    /// The addresses.
    pub owners: &'a [String],
}

/// What an expansion found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expansion {
    /// The occurrences that overlap the range, by start. Those without length are among them.
    pub busy: Vec<Busy>,
    /// Whether the limits cut something: what could not be computed is one long occurrence to the end of the
    /// range, so that nothing is offered wrongly.
    pub incomplete: bool,
}

/// A length of a meeting that recurs: elapsed, or in calendar days.
#[derive(Debug, Clone, Copy)]
enum Lasts {
    Micros(i64),
    Days(i64),
    Length(Length),
}

/// An override (RECURRENCE-ID) by the instant it replaces.
struct Replacements<'c> {
    single: HashMap<Timestamp, &'c Event>,
    /// THISANDFUTURE, by instant, ascending.
    future: Vec<(Timestamp, &'c Event)>,
}

struct Expander<'c> {
    reader: Reader<'c>,
    from: Timestamp,
    to: Timestamp,
    limits: &'c Limits,
    work: u64,
    out: Expansion,
    overflow: bool,
}

/// The longest time a recurring occurrence may have begun before the range.
const LOOK_BACK: i64 = 400 * Timestamp::DAY;

/// Everything in a calendar that overlaps `[from, to)`.
pub fn expand(
    calendar: &Calendar,
    reader: &Reader<'_>,
    (from, to): (Timestamp, Timestamp),
    limits: &Limits,
) -> Expansion {
    let mut expander = Expander {
        reader: *reader,
        from,
        to,
        limits,
        work: limits.total_work,
        out: Expansion::default(),
        overflow: false,
    };
    let mut groups: HashMap<&str, (Vec<&Event>, Vec<&Event>)> = HashMap::new();
    for event in &calendar.events {
        if event.uid.is_empty() && event.replaces.is_none() {
            expander.master(event, &[]);
            continue;
        }
        let group = groups.entry(event.uid.as_str()).or_default();
        if event.replaces.is_some() { group.1.push(event) } else { group.0.push(event) }
    }
    let mut uids: Vec<&str> = groups.keys().copied().collect();
    uids.sort_unstable();
    for uid in uids {
        let Some((masters, replacements)) = groups.get(uid) else { continue };
        // Of several versions the newest counts.
        match masters.iter().max_by_key(|event| event.revision) {
            Some(master) => expander.master(master, replacements),
            None => replacements.iter().for_each(|event| expander.alone(event)),
        }
    }
    let mut out = expander.out;
    if expander.overflow {
        // What did not fit may be anywhere.
        out.busy = vec![Busy {
            uid: String::new(),
            start: from,
            end: to,
            transparent: false,
            status: Status::Confirmed,
            partstat: None,
        }];
    }
    out.busy.sort_by(|a, b| (a.start, a.end, &a.uid).cmp(&(b.start, b.end, &b.uid)));
    out
}

fn lasts(event: &Event, zone: &TimeZone) -> Lasts {
    match &event.end {
        End::Open if event.start.is_date() => Lasts::Days(1),
        End::Open => Lasts::Micros(0),
        End::After(length) if event.start.is_date() => {
            Lasts::Days((i64::from(length.days) + length.seconds / 86_400).max(1))
        }
        End::After(length) => Lasts::Length(*length),
        End::At(end) => {
            if let (When::Date(start), When::Date(end)) = (&event.start, end) {
                let days = start.until(*end).map_or(1, |span| i64::from(span.get_days()));
                // Some exporters write the same day twice for one whole day.
                return Lasts::Days(days.max(1));
            }
            let micros = match (event.start.instant(zone), end.instant(zone)) {
                (Some(start), Some(end)) => end.0.saturating_sub(start.0).max(0),
                _ => 0,
            };
            Lasts::Micros(micros)
        }
    }
}

impl Lasts {
    /// The end of an occurrence that begins at this civil time.
    fn end(self, civil: DateTime, start: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let end = match self {
            Self::Micros(micros) => start.plus_micros(micros),
            Self::Days(days) => when::instant(when::plus_days(civil, days)?, zone)?,
            Self::Length(length) => when::after(civil, zone, length)?,
        };
        Some(end.max(start))
    }

    /// How long at most, to know how far before the range an occurrence may begin.
    fn at_most(self) -> i64 {
        let micros = match self {
            Self::Micros(micros) => micros,
            Self::Days(days) => days.saturating_add(1).saturating_mul(Timestamp::DAY),
            Self::Length(length) => (i64::from(length.days) + 1)
                .saturating_mul(Timestamp::DAY)
                .saturating_add(length.seconds.saturating_mul(Timestamp::SECOND)),
        };
        micros.clamp(0, LOOK_BACK)
    }
}

/// What EXDATE takes out: instants, and whole days where a date stands for an occurrence with a time.
#[derive(Default)]
struct Exceptions {
    instants: HashSet<Timestamp>,
    dates: HashSet<Date>,
}

impl Exceptions {
    fn of(event: &Event, reader: &TimeZone) -> Self {
        let mut out = Self::default();
        for named in &event.exdates {
            match named {
                When::Date(date) if !event.start.is_date() => {
                    out.dates.insert(*date);
                }
                // A floating exception means the event's own clock.
                When::Floating(civil) => out.instants.extend(event.start.with_civil(*civil).instant(reader)),
                named => out.instants.extend(named.instant(reader)),
            }
        }
        out
    }

    fn hold(&self, at: &When, start: Timestamp) -> bool {
        self.instants.contains(&start) || (!self.dates.is_empty() && self.dates.contains(&at.civil().date()))
    }
}

impl<'c> Expander<'c> {
    fn partstat(&self, event: &Event) -> Option<PartStat> {
        let mine = |address: &String| self.reader.owners.contains(address);
        event.attendees.iter().find(|attendee| mine(&attendee.address)).map(|attendee| attendee.partstat)
    }

    fn push(&mut self, event: &Event, uid: &str, start: Timestamp, end: Timestamp) {
        let empty_inside = start == end && start >= self.from && start < self.to;
        if !empty_inside && (start >= self.to || end <= self.from) {
            return;
        }
        if self.out.busy.len() >= self.limits.total {
            self.out.incomplete = true;
            self.overflow = true;
            return;
        }
        let partstat = self.partstat(event);
        self.out.busy.push(Busy {
            uid: uid.to_owned(),
            start,
            end,
            transparent: event.transparent,
            status: event.status,
            partstat,
        });
    }

    /// An event by itself, without its rules.
    fn alone(&mut self, event: &'c Event) {
        let zone = event.start.zone(self.reader.zone).clone();
        if let Some(start) = event.start.instant(self.reader.zone)
            && let Some(end) = lasts(event, self.reader.zone).end(event.start.civil(), start, &zone)
        {
            self.push(event, &event.uid, start, end);
        }
    }

    /// An event with its recurrences and what replaces some of them.
    fn master(&mut self, event: &'c Event, replacements: &[&'c Event]) {
        let reader = self.reader.zone;
        let zone = event.start.zone(reader).clone();
        let replaced = self.replacements(event, replacements);
        if event.rules.is_empty() && event.rdates.is_empty() && event.exdates.is_empty() && replacements.is_empty() {
            self.alone(event);
            return;
        }
        let lasts = lasts(event, reader);
        let reach = replaced.future.iter().map(|(_, other)| self::lasts(other, reader).at_most()).max().unwrap_or(0);
        // A replacement for all that follows may move occurrences into the range from either side.
        let moves =
            replaced.future.iter().map(|(at, other)| shift(other, *at, (&zone, reader)).as_micros().abs() as i64);
        let moved = moves.max().unwrap_or(0);
        let back = lasts.at_most().max(reach).saturating_add(moved.min(LOOK_BACK)).saturating_add(2 * Timestamp::DAY);
        let civil = |at: Timestamp| at.to_jiff().to_zoned(zone.clone()).datetime();
        let from = civil(self.from.plus_micros(-back));
        let to = civil(self.to.plus_micros(moved.min(LOOK_BACK) + 2 * Timestamp::DAY));
        let mut budget = Budget(self.limits.work.min(self.work));
        let before = budget.0;
        let walked = self.times(event, &zone, (from, to), &mut budget);
        self.work -= before - budget.0;
        let except = Exceptions::of(event, reader);
        let mut seen = HashSet::new();
        for (at, end) in walked.times {
            let Some(start) = at.instant(reader) else { continue };
            if !seen.insert(start) || except.hold(&at, start) || replaced.single.contains_key(&start) {
                continue;
            }
            self.occurrence(event, &replaced, (&at, start), end.as_ref(), lasts);
        }
        if let Some(unknown) = walked.unknown_from {
            self.out.incomplete = true;
            let start = when::instant(unknown, &zone).unwrap_or(self.from).max(self.from);
            let until = event.rules.iter().filter_map(|rule| until(rule, &event.start, &zone)).max();
            let end = until.and_then(|until| when::instant(until, &zone)).map_or(self.to, |until| until.min(self.to));
            self.push(event, &event.uid, start, end.max(start));
        }
        for other in replaced.single.values() {
            self.alone(other);
        }
    }

    /// One occurrence, as the replacement in force for it says.
    fn occurrence(
        &mut self,
        event: &'c Event,
        replaced: &Replacements<'c>,
        (at, start): (&When, Timestamp),
        own_end: Option<&End>,
        lasts: Lasts,
    ) {
        let reader = self.reader.zone;
        let zone = at.zone(reader).clone();
        let future = replaced.future.iter().rev().find(|(from, _)| start >= *from);
        if let Some((from, other)) = future {
            let moved = at.civil().checked_add(shift(other, *from, (&zone, reader))).ok();
            if let Some(civil) = moved
                && let Some(start) = when::instant(civil, &zone)
                && let Some(end) = self::lasts(other, reader).end(civil, start, &zone)
            {
                self.push(other, &event.uid, start, end);
            }
            return;
        }
        let lasts = match own_end {
            Some(End::At(end)) => {
                end.instant(reader).map_or(lasts, |end| Lasts::Micros(end.0.saturating_sub(start.0).max(0)))
            }
            Some(End::After(length)) => Lasts::Length(*length),
            _ => lasts,
        };
        if let Some(end) = lasts.end(at.civil(), start, &zone) {
            self.push(event, &event.uid, start, end);
        }
    }

    fn replacements(&self, master: &Event, all: &[&'c Event]) -> Replacements<'c> {
        let reader = self.reader.zone;
        let mut out = Replacements { single: HashMap::new(), future: Vec::new() };
        for event in all {
            let Some((named, future)) = &event.replaces else { continue };
            let at = match named {
                // A date that stands for an occurrence with a time.
                When::Date(date) if !master.start.is_date() => {
                    master.start.with_civil(date.to_datetime(master.start.civil().time())).instant(reader)
                }
                When::Floating(civil) => master.start.with_civil(*civil).instant(reader),
                named => named.instant(reader),
            };
            let Some(at) = at else { continue };
            if *future {
                out.future.push((at, event));
                continue;
            }
            let newer = out.single.get(&at).is_none_or(|known| event.revision >= known.revision);
            if newer {
                out.single.insert(at, event);
            }
        }
        out.future.sort_by_key(|(at, event)| (*at, event.revision));
        out
    }

    /// The times of an event's rules and dates, in its own form.
    fn times(&self, event: &Event, zone: &TimeZone, range: (DateTime, DateTime), budget: &mut Budget) -> Times {
        let mut out = Times::default();
        let start = event.start.civil();
        let (from, to) = range;
        if start >= from && start <= to {
            out.times.push((event.start.clone(), None));
        }
        let mut civil = |rule: &Rule| -> Walk {
            let path = Path { start, from, to, until: until(rule, &event.start, zone), most: self.limits.occurrences };
            walk(rule, &path, budget)
        };
        for rule in event.rules.iter().take(16) {
            let walked = civil(rule);
            out.times.extend(walked.times.into_iter().map(|time| (event.start.with_civil(time), None)));
            out.unknown_from = [out.unknown_from, walked.unknown_from].into_iter().flatten().min();
        }
        for (at, end) in &event.rdates {
            let at = match at {
                When::Floating(civil) => event.start.with_civil(*civil),
                When::Date(date) if !event.start.is_date() => event.start.with_civil(date.to_datetime(start.time())),
                at => at.clone(),
            };
            out.times.push((at, Some(end.clone()).filter(|end| *end != End::Open)));
        }
        if !event.except_rules.is_empty() {
            let mut except: Vec<DateTime> = Vec::new();
            for rule in event.except_rules.iter().take(16) {
                let first = start;
                let walked = civil(rule);
                // An exception rule does not except DTSTART unless it names it; a walk always begins with it.
                except.extend(walked.times.into_iter().filter(|time| *time != first));
            }
            out.times.retain(|(at, _)| !except.contains(&at.civil()));
        }
        out
    }
}

/// Times of an event with ends of their own.
#[derive(Default)]
struct Times {
    times: Vec<(When, Option<End>)>,
    unknown_from: Option<DateTime>,
}

/// The last civil time that UNTIL admits: it is an instant for events in a zone, and local otherwise; a date
/// is a whole day.
fn until(rule: &Rule, start: &When, zone: &TimeZone) -> Option<DateTime> {
    match rule.until.as_ref()? {
        When::Date(date) => Some(date.at(23, 59, 59, 0)),
        When::Utc(civil) if !matches!(start, When::Utc(_) | When::Floating(_) | When::Date(_)) => {
            let at = when::instant(*civil, &TimeZone::UTC)?;
            Some(at.to_jiff().to_zoned(zone.clone()).datetime())
        }
        When::Utc(civil) if start.is_date() => Some(civil.date().at(23, 59, 59, 0)),
        other => Some(other.civil()),
    }
}

/// How far a replacement for all that follows moves them, on the clock of the event's zone.
fn shift(event: &Event, replaces: Timestamp, (zone, reader): (&TimeZone, &TimeZone)) -> SignedDuration {
    let civil = |at: Timestamp| at.to_jiff().to_zoned(zone.clone()).datetime();
    event.start.instant(reader).map_or(SignedDuration::ZERO, |at| civil(replaces).duration_until(civil(at)))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::parse;
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn spans(body: &str, zone: &str, from: &str, to: &str) -> Vec<String> {
        let text = format!("BEGIN:VCALENDAR\n{body}\nEND:VCALENDAR\n");
        let calendar = parse(text.as_bytes()).unwrap();
        let zone = TimeZone::get(zone).unwrap();
        let reader = Reader { zone: &zone, owners: &["me@example.com".to_owned()] };
        let expansion = expand(&calendar, &reader, (at(from), at(to)), &Limits::default());
        assert!(!expansion.incomplete);
        expansion.busy.iter().map(|busy| format!("{} {} {}", busy.uid, busy.start, busy.end)).collect()
    }

    fn event(lines: &str) -> String {
        format!("BEGIN:VEVENT\nUID:e\n{lines}\nEND:VEVENT")
    }

    #[test]
    fn a_weekly_meeting_keeps_its_local_time_over_the_change_of_clocks() {
        let body = event("DTSTART;TZID=Europe/Berlin:20260319T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3");
        assert_eq!(
            spans(&body, "Asia/Riyadh", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            [
                "e 2026-03-19T09:00:00Z 2026-03-19T10:00:00Z",
                "e 2026-03-26T09:00:00Z 2026-03-26T10:00:00Z",
                "e 2026-04-02T08:00:00Z 2026-04-02T09:00:00Z"
            ]
        );
    }

    #[test]
    fn an_occurrence_in_a_gap_or_a_fold() {
        let body = event("DTSTART;TZID=America/New_York:20260307T023000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=3");
        assert_eq!(
            spans(&body, "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            [
                "e 2026-03-07T07:30:00Z 2026-03-07T08:00:00Z",
                "e 2026-03-08T07:30:00Z 2026-03-08T08:00:00Z",
                "e 2026-03-09T06:30:00Z 2026-03-09T07:00:00Z"
            ]
        );
        let body = event("DTSTART;TZID=America/New_York:20261031T013000\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=2");
        assert_eq!(
            spans(&body, "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ["e 2026-10-31T05:30:00Z 2026-10-31T06:00:00Z", "e 2026-11-01T05:30:00Z 2026-11-01T06:00:00Z"]
        );
    }

    #[test]
    fn whole_days_and_floating_times_are_the_readers() {
        for (lines, span) in [
            ("DTSTART;VALUE=DATE:20260105", "e 2026-01-04T21:00:00Z 2026-01-05T21:00:00Z"),
            ("DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260105", "e 2026-01-04T21:00:00Z 2026-01-05T21:00:00Z"),
            ("DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260108", "e 2026-01-04T21:00:00Z 2026-01-07T21:00:00Z"),
            ("DTSTART:20260105T100000\nDURATION:PT1H", "e 2026-01-05T07:00:00Z 2026-01-05T08:00:00Z"),
            ("DTSTART:20260105T100000Z", "e 2026-01-05T10:00:00Z 2026-01-05T10:00:00Z"),
            ("DTSTART:20260105T100000Z\nDTEND:20260105T090000Z", "e 2026-01-05T10:00:00Z 2026-01-05T10:00:00Z"),
        ] {
            assert_eq!(
                spans(&event(lines), "Asia/Riyadh", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
                [span],
                "{lines}"
            );
        }
    }

    #[test]
    fn exceptions_take_occurrences_out() {
        let start = "DTSTART;TZID=Europe/Berlin:20260105T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\n";
        for exdate in [
            "EXDATE;TZID=Europe/Berlin:20260106T100000",
            "EXDATE:20260106T090000Z",
            "EXDATE:20260106T100000",
            "EXDATE;VALUE=DATE:20260106",
        ] {
            let found =
                spans(&event(&format!("{start}{exdate}")), "UTC", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
            assert_eq!(found.len(), 3, "{exdate}");
            assert!(!found.iter().any(|span| span.contains("2026-01-06")), "{exdate}");
        }
    }

    #[test]
    fn one_occurrence_is_moved_and_those_after_another_too() {
        let master = event("DTSTART;TZID=Europe/Berlin:20260320T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=5");
        let one = event("RECURRENCE-ID:20260327T090000Z\nDTSTART;TZID=Europe/Berlin:20260328T150000\nDURATION:PT2H");
        let rest = event(
            "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260410T100000\nDTSTART;TZID=Europe/Berlin:20260411T110000\nDURATION:PT30M",
        );
        assert_eq!(
            spans(&format!("{one}\n{master}\n{rest}"), "UTC", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            [
                "e 2026-03-20T09:00:00Z 2026-03-20T10:00:00Z",
                "e 2026-03-28T14:00:00Z 2026-03-28T16:00:00Z",
                "e 2026-04-03T08:00:00Z 2026-04-03T09:00:00Z",
                "e 2026-04-11T09:00:00Z 2026-04-11T09:30:00Z",
                "e 2026-04-18T09:00:00Z 2026-04-18T09:30:00Z"
            ]
        );
    }

    #[test]
    fn extra_dates_may_have_ends_of_their_own() {
        let body = event(
            "DTSTART:20260105T100000Z\nDURATION:PT1H\nRDATE:20260107T100000Z\nRDATE;VALUE=PERIOD:20260108T100000Z/PT3H",
        );
        assert_eq!(
            spans(&body, "UTC", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
            [
                "e 2026-01-05T10:00:00Z 2026-01-05T11:00:00Z",
                "e 2026-01-07T10:00:00Z 2026-01-07T11:00:00Z",
                "e 2026-01-08T10:00:00Z 2026-01-08T13:00:00Z"
            ]
        );
    }

    #[test]
    fn what_began_before_the_range_and_reaches_into_it() {
        let body = event("DTSTART;VALUE=DATE:20250101\nDTEND;VALUE=DATE:20250131\nRRULE:FREQ=YEARLY");
        assert_eq!(
            spans(&body, "UTC", "2026-01-29T00:00:00Z", "2026-01-29T12:00:00Z"),
            ["e 2026-01-01T00:00:00Z 2026-01-31T00:00:00Z"]
        );
    }

    #[test]
    fn the_last_time_counts() {
        for (until, count) in
            [("20260107T090000Z", 3), ("20260107T085959Z", 2), ("20260107", 3), ("20260107T100000", 3)]
        {
            let body = event(&format!(
                "DTSTART;TZID=Europe/Berlin:20260105T100000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL={until}"
            ));
            assert_eq!(spans(&body, "UTC", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z").len(), count, "{until}");
        }
    }

    #[test]
    fn rule_17() {
        let blocked = |lines: &str| {
            let text = format!(
                "BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n",
                event(&format!("DTSTART:20260105T100000Z\nDURATION:PT1H\n{lines}"))
            );
            let zone = TimeZone::UTC;
            let reader = Reader { zone: &zone, owners: &["me@example.com".to_owned()] };
            let range = (at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"));
            let busy = expand(&parse(text.as_bytes()).unwrap(), &reader, range, &Limits::default()).busy.remove(0);
            (busy.blocks(false), busy.blocks(true))
        };
        assert_eq!(blocked(""), (true, true));
        assert_eq!(blocked("TRANSP:TRANSPARENT"), (false, false));
        assert_eq!(blocked("STATUS:CANCELLED"), (false, false));
        assert_eq!(blocked("STATUS:TENTATIVE"), (false, true));
        assert_eq!(blocked("ATTENDEE;PARTSTAT=DECLINED:mailto:Me@Example.com"), (false, false));
        assert_eq!(blocked("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:me@example.com"), (false, true));
        assert_eq!(blocked("ATTENDEE;PARTSTAT=ACCEPTED:MAILTO:me@example.com"), (true, true));
        assert_eq!(blocked("ATTENDEE;PARTSTAT=DECLINED:mailto:other@example.com"), (true, true));
        assert_eq!(blocked("X-MICROSOFT-CDO-BUSYSTATUS:FREE"), (false, false));
    }

    #[test]
    fn a_bomb_counts_as_busy_and_is_reported() {
        let body = event("DTSTART:20260105T100000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY");
        let text = format!("BEGIN:VCALENDAR\n{body}\nEND:VCALENDAR\n");
        let zone = TimeZone::UTC;
        let reader = Reader { zone: &zone, owners: &[] };
        let range = (at("2026-01-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
        let expansion = expand(&parse(text.as_bytes()).unwrap(), &reader, range, &Limits::default());
        assert!(expansion.incomplete);
        assert_eq!(expansion.busy.iter().map(|busy| busy.end).max(), Some(range.1));
        assert!(expansion.busy.len() <= 10_001);
    }

    #[test]
    fn thousands_of_old_meetings_are_quick() {
        let mut body = String::new();
        for index in 0..2000 {
            let hour = index % 24;
            let _ = write!(
                body,
                "BEGIN:VEVENT\nUID:{index}\nDTSTART;TZID=Europe/Berlin:2005010{}T{hour:02}0000\nDURATION:PT30M\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE\nEND:VEVENT\n",
                index % 9 + 1
            );
        }
        let found = spans(&body, "UTC", "2026-01-01T00:00:00Z", "2026-03-02T00:00:00Z");
        assert_eq!(found.len(), 32_084);
    }
}
