//! Calendars of our own: minimal VEVENTs, times in UTC, lines folded at 75 octets.

use std::fmt::Write as _;

use kernel::Timestamp;

use super::model::{Busy, Method, PartStat, Status};

/// Somebody named in an event.
#[derive(Debug, Clone, Copy)]
pub struct Party<'a> {
    /// The display name; empty for none.
    pub name: &'a str,
    /// The address.
    pub address: &'a str,
    /// What they answered; an organizer has none.
    pub partstat: Option<PartStat>,
}

/// An event to be written.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// METHOD: in mail only, a CalDAV resource must not have one (RFC 4791 section 4.1).
    pub method: Option<Method>,
    /// The same for the booking's whole life, in mails and calendars.
    pub uid: &'a str,
    /// One more with every change of time (RFC 5546 section 2.1.4).
    pub sequence: u32,
    /// When this version was made.
    pub stamp: Timestamp,
    /// From.
    pub start: Timestamp,
    /// To.
    pub end: Timestamp,
    /// The title.
    pub summary: &'a str,
    /// Further words.
    pub description: Option<&'a str>,
    /// Where.
    pub location: Option<&'a str>,
    /// An address on the web.
    pub url: Option<&'a str>,
    /// Who invites.
    pub organizer: Option<Party<'a>>,
    /// Who is invited.
    pub attendees: &'a [Party<'a>],
    /// Whether it takes place.
    pub status: Status,
    /// Says that the client does the inviting, so that the server sends no second invitation
    /// (RFC 6638 section 7.1); for copies on CalDAV servers.
    pub client_schedules: bool,
}

/// Who made the file.
const PRODUCT: &str = "-//Barid//Booking//EN";

/// Puts lines together.
#[derive(Default)]
struct Out {
    text: String,
}

/// A text value (RFC 5545 section 3.3.11); control characters other than line ends are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text = text.replace("\r\n", "\n");
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            ';' => out.push_str("\\;"),
            ',' => out.push_str("\\,"),
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A parameter value: quoted, with RFC 6868's escapes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("^'"),
            '^' => out.push_str("^^"),
            '\n' => out.push_str("^n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// An address as a URI: what could end the line or the parameter is left out.
fn uri(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !c.is_whitespace() && !matches!(c, '"' | '\\')).collect()
}

fn instant(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string()
}

impl Out {
    fn line(&mut self, line: &str) {
        let mut room = 75;
        for c in line.chars() {
            if c.len_utf8() > room {
                self.text.push_str("\r\n ");
                room = 74;
            }
            room -= c.len_utf8();
            self.text.push(c);
        }
        self.text.push_str("\r\n");
    }

    fn begin(method: Option<Method>) -> Self {
        let mut out = Self::default();
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line(&format!("PRODID:{PRODUCT}"));
        out.line("CALSCALE:GREGORIAN");
        if let Some(method) = method {
            out.line(&format!("METHOD:{}", method.as_str()));
        }
        out
    }

    fn end(mut self) -> String {
        self.line("END:VCALENDAR");
        self.text
    }

    fn party(&mut self, property: &str, party: &Party<'_>, client_schedules: bool) {
        let mut line = property.to_owned();
        if !party.name.is_empty() {
            let _ = write!(line, ";CN={}", quoted(party.name));
        }
        if let Some(partstat) = party.partstat {
            let words = partstat.as_str().to_ascii_uppercase().replace('_', "-");
            let _ = write!(
                line,
                ";ROLE=REQ-PARTICIPANT;PARTSTAT={words};RSVP={}",
                match partstat {
                    PartStat::NeedsAction => "TRUE",
                    _ => "FALSE",
                }
            );
        }
        if client_schedules {
            line.push_str(";SCHEDULE-AGENT=CLIENT");
        }
        let _ = write!(line, ":mailto:{}", uri(party.address));
        self.line(&line);
    }

    fn event(&mut self, event: &Written<'_>) {
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}", escaped(event.uid)));
        self.line(&format!("SEQUENCE:{}", event.sequence));
        self.line(&format!("DTSTAMP:{}", instant(event.stamp)));
        self.line(&format!("DTSTART:{}", instant(event.start)));
        self.line(&format!("DTEND:{}", instant(event.end)));
        self.line(&format!("SUMMARY:{}", escaped(event.summary)));
        for (name, value) in [("DESCRIPTION", event.description), ("LOCATION", event.location)] {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                self.line(&format!("{name}:{}", escaped(value)));
            }
        }
        if let Some(url) = event.url {
            self.line(&format!("URL:{}", uri(url)));
        }
        if let Some(organizer) = &event.organizer {
            self.party("ORGANIZER", organizer, event.client_schedules);
        }
        for attendee in event.attendees {
            self.party("ATTENDEE", attendee, event.client_schedules);
        }
        self.line(&format!("STATUS:{}", event.status.as_str().to_ascii_uppercase()));
        self.line("TRANSP:OPAQUE");
        self.line("END:VEVENT");
    }
}

/// One event as a whole calendar.
pub fn write(event: &Written<'_>) -> String {
    let mut out = Out::begin(event.method);
    out.event(event);
    out.end()
}

/// A calendar to subscribe to.
#[derive(Debug, Clone, Copy)]
pub struct Feed<'a> {
    /// What subscribers' programs show.
    pub name: &'a str,
    /// When it was made.
    pub stamp: Timestamp,
    /// What is told in full.
    pub events: &'a [Written<'a>],
    /// What is only busy, with the words that stand for it.
    pub busy: &'a [Busy],
    /// Those words.
    pub busy_title: &'a str,
}

/// Writes a calendar to subscribe to; asks to be fetched every quarter of an hour.
pub fn feed(feed: &Feed<'_>) -> String {
    let mut out = Out::begin(Some(Method::Publish));
    out.line(&format!("X-WR-CALNAME:{}", escaped(feed.name)));
    out.line(&format!("NAME:{}", escaped(feed.name)));
    out.line("REFRESH-INTERVAL;VALUE=DURATION:PT15M");
    out.line("X-PUBLISHED-TTL:PT15M");
    for event in feed.events {
        out.event(event);
    }
    for busy in feed.busy {
        out.event(&Written {
            method: None,
            uid: &busy.uid,
            sequence: 0,
            stamp: feed.stamp,
            start: busy.start,
            end: busy.end,
            summary: feed.busy_title,
            description: None,
            location: None,
            url: None,
            organizer: None,
            attendees: &[],
            status: busy.status,
            client_schedules: false,
        });
    }
    out.end()
}

#[cfg(test)]
mod tests {
    use super::super::{End, Reader, When, expand, parse};
    use super::*;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    fn written<'a>(summary: &'a str, attendees: &'a [Party<'a>]) -> Written<'a> {
        Written {
            method: Some(Method::Request),
            uid: "bkg_1@example.com",
            sequence: 2,
            stamp: "2026-01-01T00:00:00Z".parse().unwrap(),
            start: "2026-02-01T10:00:00Z".parse().unwrap(),
            end: "2026-02-01T10:30:00Z".parse().unwrap(),
            summary,
            description: Some("a, b; c\\d\ne"),
            location: None,
            url: Some("https://example.com/book/x"),
            organizer: Some(Party { name: "Lina \"L\"; Co", address: "lina@example.com", partstat: None }),
            attendees,
            status: Status::Confirmed,
            client_schedules: true,
        }
    }

    #[test]
    fn an_invitation() {
        let attendees = [Party { name: "", address: "a@example.net", partstat: Some(PartStat::NeedsAction) }];
        insta::assert_snapshot!(write(&written("موعد مع فريق الاستقبال في المبنى الرئيسي، الطابق الثاني", &attendees)).replace("\r\n", "\n"), @r#"
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Barid//Booking//EN
        CALSCALE:GREGORIAN
        METHOD:REQUEST
        BEGIN:VEVENT
        UID:bkg_1@example.com
        SEQUENCE:2
        DTSTAMP:20260101T000000Z
        DTSTART:20260201T100000Z
        DTEND:20260201T103000Z
        SUMMARY:موعد مع فريق الاستقبال في المبنى الر
         ئيسي، الطابق الثاني
        DESCRIPTION:a\, b\; c\\d\ne
        URL:https://example.com/book/x
        ORGANIZER;CN="Lina ^'L^'; Co";SCHEDULE-AGENT=CLIENT:mailto:lina@example.com
        ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;SCHEDULE-AGEN
         T=CLIENT:mailto:a@example.net
        STATUS:CONFIRMED
        TRANSP:OPAQUE
        END:VEVENT
        END:VCALENDAR
        "#);
    }

    proptest! {
        #[test]
        fn whatever_stands_in_an_event_it_stays_one_event(
            summary in any::<String>(), name in any::<String>(), address in any::<String>()
        ) {
            let attendees = [Party { name: &name, address: &address, partstat: Some(PartStat::Accepted) }];
            let text = write(&written(&summary, &attendees));
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
            let calendar = parse(text.as_bytes()).unwrap();
            prop_assert_eq!(calendar.doubtful, 0);
            prop_assert_eq!(calendar.events.len(), 1);
            let event = &calendar.events[0];
            prop_assert_eq!(event.attendees.len(), 1);
            prop_assert_eq!(&event.uid, "bkg_1@example.com");
            prop_assert!(matches!((&event.start, &event.end), (When::Utc(_), End::At(_))));
        }

        #[test]
        fn any_octets_are_survived(octets in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = parse(&octets);
        }

        #[test]
        fn any_lines_are_survived(lines in proptest::collection::vec(
            "(BEGIN|END|DTSTART|DTEND|RRULE|RDATE|EXDATE|RECURRENCE-ID|DURATION|TZID|TZOFFSETTO)(;TZID=[a-zA-Z/]{0,9}|;VALUE=(DATE|PERIOD)|;RANGE=THISANDFUTURE)?:(VCALENDAR|VEVENT|VTIMEZONE|STANDARD|FREQ=(DAILY|YEARLY|SECONDLY|MONTHLY)(;INTERVAL=[0-9]{1,9})?(;COUNT=[0-9]{1,9})?(;BYDAY=-?[0-9]?(MO|SU))?|[0-9]{8}(T[0-9]{6}Z?)?(/PT[0-9]{1,4}H)?|-?P[0-9]{1,9}D|[+-][0-9]{4})", 0..40
        )) {
            let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nDTSTART:20260101T000000Z\n{}\nEND:VEVENT\nEND:VCALENDAR", lines.join("\n"));
            if let Ok(calendar) = parse(text.as_bytes()) {
                let zone = TimeZone::get("Africa/Casablanca").unwrap();
                let range = ("2026-01-01T00:00:00Z".parse().unwrap(), "2026-12-31T00:00:00Z".parse().unwrap());
                let expansion = expand(&calendar, &Reader { zone: &zone, owners: &[] }, range, &super::super::Limits::default());
                prop_assert!(expansion.busy.iter().all(|busy| busy.start <= busy.end && busy.start < range.1));
            }
        }
    }
}
