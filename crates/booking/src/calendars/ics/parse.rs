//! From octets to a [`Calendar`].

use jiff::tz::TimeZone;

use super::lines::{Line, Lines};
use super::model::{Attendee, Calendar, Event, Method, PartStat, Status};
use super::rule::Rule;
use super::when::{self, End, When};
use super::zones::{Inline, Zones};

/// What a calendar may cost. The defaults serve calendars of tens of thousands of events.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Octets of the whole.
    pub octets: usize,
    /// Physical lines.
    pub lines: usize,
    /// Octets of an unfolded line; the rest of it is left out.
    pub line_octets: usize,
    /// Events.
    pub events: usize,
    /// Values of RDATE, EXDATE, ATTENDEE and rules of one event.
    pub values: usize,
    /// Occurrences of one event within the range.
    pub occurrences: usize,
    /// Occurrences of all events within the range.
    pub total: usize,
    /// Candidates that the rules of one event may look at.
    pub work: u64,
    /// Candidates that all rules together may look at.
    pub total_work: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            octets: 20 << 20,
            lines: 1_000_000,
            line_octets: 64 << 10,
            events: 50_000,
            values: 2000,
            occurrences: 10_000,
            total: 200_000,
            work: 200_000,
            total_work: 20_000_000,
        }
    }
}

/// Why octets are no calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IcsError {
    /// More octets than [`Limits::octets`].
    #[error("the calendar is larger than {0} octets")]
    TooLarge(usize),
    /// More events than [`Limits::events`], or more lines than [`Limits::lines`].
    #[error("the calendar has more than {0} {1}")]
    TooMany(usize, &'static str),
    /// No VCALENDAR in it.
    #[error("this is not an iCalendar file")]
    NotACalendar,
}

/// Reads a calendar within the usual limits.
///
/// # Errors
/// [`IcsError`].
pub fn parse(bytes: &[u8]) -> Result<Calendar, IcsError> {
    parse_with(bytes, &Limits::default())
}

/// The component that lines belong to, as far as it is read.
enum Within {
    Calendar,
    Event(Box<Draft>),
    FreeBusy(Vec<Line>),
    Zone(Inline),
    ZonePart(Inline),
    /// Another component, and what surrounds it.
    Other(String),
}

/// Lines of a VEVENT, to be read when every VTIMEZONE is known.
#[derive(Default)]
struct Draft {
    lines: Vec<Line>,
    cut: bool,
}

struct Parser<'l> {
    limits: &'l Limits,
    zones: Zones,
    out: Calendar,
    drafts: Vec<Draft>,
    free_busy: Vec<Vec<Line>>,
    stack: Vec<Within>,
    seen: bool,
}

/// Properties of an event that are kept.
const WANTED: &[&str] = &[
    "UID",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "EXRULE",
    "RDATE",
    "EXDATE",
    "RECURRENCE-ID",
    "TRANSP",
    "STATUS",
    "ATTENDEE",
    "ORGANIZER",
    "SEQUENCE",
    "DTSTAMP",
    "X-MICROSOFT-CDO-BUSYSTATUS",
];

/// Components within components that are followed.
const DEEPEST: usize = 32;

/// Reads a calendar within the given limits.
///
/// # Errors
/// [`IcsError`].
pub fn parse_with(bytes: &[u8], limits: &Limits) -> Result<Calendar, IcsError> {
    if bytes.len() > limits.octets {
        return Err(IcsError::TooLarge(limits.octets));
    }
    let mut parser = Parser {
        limits,
        zones: Zones::default(),
        out: Calendar::default(),
        drafts: Vec::new(),
        free_busy: Vec::new(),
        stack: Vec::new(),
        seen: false,
    };
    let mut lines = Lines::new(bytes, limits);
    let mut read = 0;
    for text in lines.by_ref() {
        read += 1;
        if text.trim().is_empty() {
            continue;
        }
        match Line::read(&text) {
            Some(line) => parser.line(line)?,
            None if read == 1 => return Err(IcsError::NotACalendar),
            None => parser.out.doubtful += 1,
        }
    }
    if !parser.seen {
        return Err(IcsError::NotACalendar);
    }
    if lines.cut {
        parser.out.doubtful += 1;
    }
    Ok(parser.finish())
}

impl Parser<'_> {
    fn line(&mut self, line: Line) -> Result<(), IcsError> {
        match line.name.as_str() {
            "BEGIN" => self.begin(&line.value.trim().to_ascii_uppercase()),
            "END" => return self.end(&line.value.trim().to_ascii_uppercase()),
            name => match self.stack.last_mut() {
                Some(Within::Calendar) if name == "METHOD" => self.out.method = Method::read(&line.value),
                Some(Within::Event(draft)) if WANTED.contains(&name) => {
                    if draft.lines.len() < self.limits.values {
                        draft.lines.push(line);
                    } else {
                        draft.cut = true;
                    }
                }
                Some(Within::FreeBusy(lines)) if matches!(name, "FREEBUSY" | "UID") => {
                    if lines.len() < self.limits.values {
                        lines.push(line);
                    } else {
                        self.out.doubtful += 1;
                    }
                }
                Some(Within::Zone(zone)) => zone.property(&line, false),
                Some(Within::ZonePart(zone)) => zone.property(&line, true),
                _ => {}
            },
        }
        Ok(())
    }

    fn begin(&mut self, name: &str) {
        if self.stack.len() >= DEEPEST {
            self.out.doubtful += 1;
            return;
        }
        let next = match (self.stack.last_mut(), name) {
            (None, "VCALENDAR") => {
                self.seen = true;
                Within::Calendar
            }
            (Some(Within::Calendar), "VEVENT") => Within::Event(Box::default()),
            (Some(Within::Calendar), "VFREEBUSY") => Within::FreeBusy(Vec::new()),
            (Some(Within::Calendar), "VTIMEZONE") => Within::Zone(Inline::default()),
            (Some(Within::Zone(zone)), "STANDARD" | "DAYLIGHT") => {
                let mut zone = std::mem::take(zone);
                zone.begin(name == "DAYLIGHT");
                Within::ZonePart(zone)
            }
            _ => Within::Other(name.to_owned()),
        };
        self.stack.push(next);
    }

    fn end(&mut self, name: &str) -> Result<(), IcsError> {
        // An END that fits nothing open is noise; one that fits something outer ends what is inside, too.
        let fits = |within: &Within| match within {
            Within::Calendar => name == "VCALENDAR",
            Within::Event(_) => name == "VEVENT",
            Within::FreeBusy(_) => name == "VFREEBUSY",
            Within::Zone(_) => name == "VTIMEZONE",
            Within::ZonePart(_) => matches!(name, "STANDARD" | "DAYLIGHT"),
            Within::Other(other) => other == name,
        };
        let Some(depth) = self.stack.iter().rposition(fits) else {
            self.out.doubtful += 1;
            return Ok(());
        };
        while self.stack.len() > depth {
            match self.stack.pop() {
                Some(Within::Event(draft)) => {
                    if self.drafts.len() >= self.limits.events {
                        return Err(IcsError::TooMany(self.limits.events, "events"));
                    }
                    self.drafts.push(*draft);
                }
                Some(Within::FreeBusy(lines)) => {
                    if self.free_busy.len() >= self.limits.events {
                        return Err(IcsError::TooMany(self.limits.events, "events"));
                    }
                    self.free_busy.push(lines);
                }
                Some(Within::ZonePart(part)) => {
                    if let Some(Within::Zone(zone)) = self.stack.last_mut() {
                        *zone = part;
                    }
                }
                Some(Within::Zone(zone)) => self.zones.keep(&zone),
                _ => {}
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Calendar {
        // A calendar that breaks off is read as far as it goes, and is doubtful.
        if !self.stack.is_empty() {
            self.out.doubtful += 1;
        }
        for draft in std::mem::take(&mut self.drafts) {
            let cut = draft.cut;
            match self.event(draft.lines) {
                Some(event) => self.out.events.push(event),
                None => self.out.doubtful += 1,
            }
            self.out.doubtful += u32::from(cut);
        }
        for lines in std::mem::take(&mut self.free_busy) {
            self.periods(&lines);
        }
        self.out
    }

    /// The zone that a line names; an unknown one makes its times floating, and doubtful.
    fn zone(&mut self, line: &Line) -> Option<TimeZone> {
        let id = line.param("TZID")?;
        let zone = self.zones.get(id);
        if zone.is_none() {
            self.out.doubtful += 1;
        }
        zone
    }

    fn when(&mut self, line: &Line) -> Option<When> {
        let zone = self.zone(line);
        when::when(&line.value, zone.as_ref())
    }

    fn list(&mut self, line: &Line, into: &mut Vec<(When, End)>) {
        let zone = self.zone(line);
        for value in line.value.split(',').filter(|value| !value.trim().is_empty()) {
            if into.len() >= self.limits.values {
                self.out.doubtful += 1;
                return;
            }
            let read = if value.contains('/') {
                when::period(value, zone.as_ref())
            } else {
                when::when(value, zone.as_ref()).map(|at| (at, End::Open))
            };
            match read {
                Some(read) => into.push(read),
                None => self.out.doubtful += 1,
            }
        }
    }

    /// An event; `None` when it does not say when it is.
    fn event(&mut self, lines: Vec<Line>) -> Option<Event> {
        let start = lines.iter().find(|line| line.name == "DTSTART")?;
        let mut event = Event::new("", self.when(start)?);
        let mut status = None;
        for line in &lines {
            match line.name.as_str() {
                "UID" => line.value.trim().clone_into(&mut event.uid),
                "DTEND" => match self.when(line) {
                    Some(end) => event.end = End::At(end),
                    None => self.out.doubtful += 1,
                },
                "DURATION" if event.end == End::Open => match when::length(&line.value) {
                    Some(length) => event.end = End::After(length),
                    None => self.out.doubtful += 1,
                },
                "RRULE" | "EXRULE" => match Rule::read(&line.value) {
                    Some(rule) if line.name == "RRULE" => event.rules.push(rule),
                    Some(rule) => event.except_rules.push(rule),
                    None => self.out.doubtful += 1,
                },
                "RDATE" => self.list(line, &mut event.rdates),
                "EXDATE" => {
                    let mut dates = Vec::new();
                    self.list(line, &mut dates);
                    event.exdates.extend(dates.into_iter().map(|(at, _)| at));
                    event.exdates.truncate(self.limits.values);
                }
                "RECURRENCE-ID" => {
                    let future = line.param("RANGE").is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
                    event.replaces = Some((self.when(line)?, future));
                }
                "TRANSP" => event.transparent = line.value.trim().eq_ignore_ascii_case("TRANSPARENT"),
                "STATUS" => status = Some(Status::read(&line.value)),
                "X-MICROSOFT-CDO-BUSYSTATUS" => match line.value.trim().to_ascii_uppercase().as_str() {
                    "FREE" => event.transparent = true,
                    "TENTATIVE" => event.status = Status::Tentative,
                    _ => {}
                },
                "ATTENDEE" => event.attendees.push(Attendee {
                    address: address(line),
                    partstat: line.param("PARTSTAT").map_or(PartStat::NeedsAction, PartStat::read),
                }),
                "ORGANIZER" => event.organizer = Some(address(line)),
                "SEQUENCE" => event.revision.sequence = line.value.trim().parse().unwrap_or(0),
                "DTSTAMP" => {
                    let at = when::when(&line.value, None).and_then(|at| at.instant(&TimeZone::UTC));
                    event.revision.stamp = at.unwrap_or_default();
                }
                _ => {}
            }
        }
        event.status = status.unwrap_or(event.status);
        Some(event)
    }

    /// A VFREEBUSY's periods, each as an event.
    fn periods(&mut self, lines: &[Line]) {
        let uid = lines.iter().find(|line| line.name == "UID").map(|line| line.value.trim()).unwrap_or_default();
        for line in lines.iter().filter(|line| line.name == "FREEBUSY") {
            let kind = line.param("FBTYPE").unwrap_or("BUSY").to_ascii_uppercase();
            if kind == "FREE" {
                continue;
            }
            let mut periods = Vec::new();
            self.list(line, &mut periods);
            for (start, end) in periods {
                let mut event = Event::new(format!("{uid}#{}", start.civil()), start);
                event.end = end;
                if kind == "BUSY-TENTATIVE" {
                    event.status = Status::Tentative;
                }
                if self.out.events.len() >= self.limits.events {
                    self.out.doubtful += 1;
                    return;
                }
                self.out.events.push(event);
            }
        }
    }
}

/// The address of an ATTENDEE or ORGANIZER; the EMAIL parameter (RFC 7986) where the value is no address.
fn address(line: &Line) -> String {
    let value = line.value.trim();
    let mailto = value.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).map(|_| &value[7..]);
    mailto.or_else(|| line.param("EMAIL")).unwrap_or(value).trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Calendar {
        let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{body}\nEND:VCALENDAR\n");
        parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn alarms_inside_an_event_are_not_the_event() {
        let calendar = read(
            "BEGIN:VEVENT\nUID:a\nDTSTART:20260101T100000Z\nBEGIN:VALARM\nTRIGGER:-PT5M\nDURATION:PT9H\nEND:VALARM\nDURATION:PT1H\nEND:VEVENT",
        );
        assert_eq!(calendar.events[0].end, End::After(super::super::Length { days: 0, seconds: 3600 }));
        assert_eq!(calendar.doubtful, 0);
    }

    #[test]
    fn a_zone_may_come_after_the_event_that_names_it() {
        let calendar = read(
            "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Ours:20260101T100000\nEND:VEVENT\nBEGIN:VTIMEZONE\nTZID:Ours\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETTO:+0345\nTZOFFSETFROM:+0345\nEND:STANDARD\nEND:VTIMEZONE",
        );
        let at = calendar.events[0].start.instant(&TimeZone::UTC).unwrap();
        assert_eq!(at.to_string(), "2026-01-01T06:15:00Z");
    }

    #[test]
    fn an_unknown_zone_is_doubtful_and_floats() {
        let calendar = read("BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Mars/Base:20260101T100000\nEND:VEVENT");
        assert!(matches!(calendar.events[0].start, When::Floating(_)));
        assert_eq!(calendar.doubtful, 1);
    }

    #[test]
    fn free_busy_is_read_as_busy_periods() {
        let calendar = read(
            "BEGIN:VFREEBUSY\nUID:f\nFREEBUSY;VALUE=PERIOD:20260101T100000Z/PT1H,20260101T1200\n 00Z/20260101T130000Z\nFREEBUSY;FBTYPE=FREE:20260102T100000Z/PT1H\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20260103T100000Z/PT1H\nEND:VFREEBUSY",
        );
        assert_eq!(calendar.events.len(), 3);
        assert_eq!(calendar.events[2].status, Status::Tentative);
    }

    #[test]
    fn what_is_no_calendar_is_refused() {
        assert_eq!(parse(b""), Err(IcsError::NotACalendar));
        assert_eq!(parse(b"<html>no</html>"), Err(IcsError::NotACalendar));
        assert_eq!(parse(b"BEGIN:VCARD\nEND:VCARD\n"), Err(IcsError::NotACalendar));
        let small = Limits { octets: 10, events: 1, ..Limits::default() };
        assert_eq!(parse_with(&[b'x'; 11], &small), Err(IcsError::TooLarge(10)));
        let event = "BEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n";
        let two = format!("BEGIN:VCALENDAR\n{event}{event}END:VCALENDAR\n");
        let one = Limits { events: 1, ..Limits::default() };
        assert_eq!(parse_with(two.as_bytes(), &one), Err(IcsError::TooMany(1, "events")));
    }

    #[test]
    fn a_calendar_that_breaks_off_is_doubtful() {
        let calendar = parse(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n").unwrap();
        assert_eq!(calendar.doubtful, 1);
    }
}
