//! Calendly's export of scheduled events: one line for each attendee.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use kernel::{Email, Timestamp};

use super::{LONGEST, Read, Reject, when};
use crate::Result;
use crate::error::invalid;

/// How the file is called in reports.
pub(super) const FILE: &str = "events";
/// The most lines of a file.
pub const MOST_ROWS: usize = 20_000;
/// The most columns.
const MOST_COLUMNS: usize = 200;
/// The longest value, in octets.
const LONGEST_VALUE: usize = 16 * 1024;

/// One attendee's booking as it stood elsewhere.
#[derive(Clone)]
pub struct Event {
    /// What it is known by: the attendee's or the event's own name there.
    pub key: String,
    /// The address of whoever received them, if the file says it.
    pub host: Option<Email>,
    /// The attendee's name.
    pub name: String,
    /// The attendee's address.
    pub email: Email,
    /// The zone in which they saw it.
    pub timezone: Option<String>,
    /// The name of the event type.
    pub event_type: String,
    /// From.
    pub start: Timestamp,
    /// To.
    pub end: Timestamp,
    /// Where.
    pub location: Option<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// Whether it was called off, and why.
    pub cancelled: Option<String>,
    /// Whether they did not come.
    pub no_show: bool,
    /// Who came along.
    pub guests: Vec<Email>,
    /// Questions and their answers.
    pub answers: Vec<(String, String)>,
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Event({} to {})", self.start, self.end)
    }
}

/// The columns that are read, by their place.
struct Columns(HashMap<String, usize>);

/// A column's name without case and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

impl Columns {
    fn get<'a>(&self, row: &'a csv::StringRecord, names: &[&str]) -> Option<&'a str> {
        let found = names.iter().find_map(|name| self.0.get(*name).and_then(|place| row.get(*place)));
        found.map(str::trim).filter(|text| !text.is_empty())
    }
}

/// Reads the file. Times without an offset are in `zone`.
///
/// # Errors
/// A file that is too large, or has no header that can be understood. Lines that cannot be read are in the answer.
pub fn read_events(text: &str, zone: &TimeZone) -> Result<Read<Event>> {
    if text.len() > LONGEST {
        return Err(invalid("events", "at most 8 MiB"));
    }
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|_| invalid("events", "the header cannot be read"))?.clone();
    if header.len() > MOST_COLUMNS {
        return Err(invalid("events", "at most 200 columns"));
    }
    let mut columns = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        columns.entry(plain(name)).or_insert(place);
    }
    let columns = Columns(columns);
    for needed in ["inviteeemail", "eventtypename", "startdatetime", "enddatetime"] {
        if !columns.0.contains_key(needed) {
            return Err(invalid(
                "events",
                "expected the columns Invitee Email, Event Type Name, Start Date & Time and End Date & Time",
            ));
        }
    }
    let mut out = Read::default();
    let mut record = csv::StringRecord::new();
    for number in 0.. {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) if number >= MOST_ROWS => {
                out.rejects.push(reject(line, None, "at most 20000 lines; split the file"));
                break;
            }
            Ok(true) => match event(&columns, &record, zone) {
                Ok(event) => out.items.push((line, event)),
                Err((field, detail)) => out.rejects.push(reject(line, field, detail)),
            },
            Err(_) => out.rejects.push(reject(line, None, "this line cannot be read")),
        }
    }
    Ok(out)
}

fn reject(line: u64, field: Option<&'static str>, detail: &str) -> Reject {
    Reject { file: FILE, line, field, detail: detail.to_owned() }
}

type Wrong = (Option<&'static str>, &'static str);

fn yes(text: Option<&str>) -> bool {
    text.is_some_and(|text| {
        matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "1" | "canceled" | "cancelled")
    })
}

fn one_line(text: &str, most: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect::<String>().trim().to_owned()
}

fn event(columns: &Columns, row: &csv::StringRecord, zone: &TimeZone) -> std::result::Result<Event, Wrong> {
    if row.iter().any(|value| value.len() > LONGEST_VALUE) {
        return Err((None, "a value is too long"));
    }
    let get = |names: &[&str]| columns.get(row, names);
    let email = get(&["inviteeemail"]).ok_or((Some("Invitee Email"), "the address is missing"))?;
    let email = Email::parse(email).map_err(|_| (Some("Invitee Email"), "this is no address"))?;
    let event_type = get(&["eventtypename"]).ok_or((Some("Event Type Name"), "the name is missing"))?;
    let start = get(&["startdatetime"]).and_then(|text| when::read(text, zone));
    let start = start.ok_or((Some("Start Date & Time"), "expected a time such as 2026-03-01 09:00 am"))?;
    let end = get(&["enddatetime"]).and_then(|text| when::read(text, zone));
    let end = end.ok_or((Some("End Date & Time"), "expected a time such as 2026-03-01 09:30 am"))?;
    if end <= start || end.0 - start.0 > Timestamp::DAY {
        return Err((Some("End Date & Time"), "expected later than the start, by a day at most"));
    }
    let names = [get(&["inviteefirstname"]), get(&["inviteelastname"])];
    let joined = names.iter().flatten().copied().collect::<Vec<_>>().join(" ");
    let name = get(&["inviteename"]).map_or(joined, str::to_owned);
    let name = one_line(&name, 200);
    let guests = get(&["guestemails", "guestemail"]).unwrap_or_default();
    let guests = guests.split([',', ';', ' ', '\n']).filter_map(|one| Email::parse(one.trim()).ok()).take(20).collect();
    let mut answers = Vec::new();
    for number in 1..=30 {
        let (asked, given) = (format!("question{number}"), format!("response{number}"));
        if let (Some(asked), Some(given)) = (get(&[&asked]), get(&[&given])) {
            answers.push((asked.to_owned(), given.chars().take(4000).collect()));
        }
    }
    let cancelled = yes(get(&["canceled", "cancelled", "status"]));
    let key = get(&["inviteeuuid", "inviteeuri", "eventuuid", "eventuri", "uuid", "uri"]);
    // Without a name of its own: the same person, the same thing, the same time.
    let own = || format!("{}/{}/{}", email.wire(), event_type.to_lowercase(), start.0);
    Ok(Event {
        key: key.map_or_else(own, |key| {
            if names_attendee(columns) { key.to_owned() } else { format!("{key}/{}", email.wire()) }
        }),
        host: get(&["useremail"]).and_then(|text| Email::parse(text).ok()),
        name: if name.is_empty() { email.wire() } else { name },
        timezone: get(&["inviteetimezone"]).map(|text| one_line(text, 64)),
        event_type: one_line(event_type, 200),
        location: get(&["location"]).map(|text| one_line(text, 500)).filter(|text| !text.is_empty()),
        created_at: get(&["eventcreateddatetime"]).and_then(|text| when::read(text, zone)),
        cancelled: cancelled.then(|| {
            get(&["cancellationreason", "cancelationreason"]).unwrap_or_default().chars().take(1000).collect()
        }),
        no_show: yes(get(&["markedasnoshow", "noshow"])),
        email,
        start,
        end,
        guests,
        answers,
    })
}

/// Whether the file names each attendee's booking, not only the event that several may share.
fn names_attendee(columns: &Columns) -> bool {
    columns.0.contains_key("inviteeuuid") || columns.0.contains_key("inviteeuri")
}

/// Answers by the questions of an event type here; the number that nobody asks for.
pub(super) fn answers(
    event: &Event,
    questions: &[crate::model::Question],
) -> (BTreeMap<String, serde_json::Value>, u64) {
    let (mut out, mut left) = (BTreeMap::new(), 0);
    for (asked, given) in &event.answers {
        let same = |label: &str| label.trim().eq_ignore_ascii_case(asked.trim());
        match questions.iter().find(|one| same(&one.label_en) || one.label_ar.trim() == asked.trim()) {
            Some(question) => {
                out.insert(question.key.clone(), serde_json::json!(given));
            }
            None => left += 1,
        }
    }
    (out, left)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEAD: &str = "User Email,Invitee Name,Invitee Email,Invitee Time Zone,Event Type Name,Start Date & Time,End Date & Time,Location,Event Created Date & Time,Canceled,Cancellation reason,Question 1,Response 1,Marked as No-Show,Guest Email(s),Invitee UUID\n";

    fn read(text: &str) -> Read<Event> {
        read_events(text, &TimeZone::get("Europe/Berlin").unwrap()).unwrap()
    }

    #[test]
    fn what_an_export_says() {
        let text = format!(
            "\u{feff}{HEAD}host@house.example,\"Lina, H.\",Lina@Guest.example,Asia/Beirut,Intro,2026-12-01 09:00 am,2026-12-01 09:30 am,\"Zoom\nroom\",2026-11-01 08:00 am,false,,Why?,\"Because, so\",No,\"a@b.example; c@d.example\",u-1\n\
             host@house.example,Omar,omar@guest.example,,Intro,2026-12-01 09:00 am,2026-12-01 09:30 am,,,True,ill,,,Yes,,u-2\n"
        );
        let found = read(&text);
        assert!(found.rejects.is_empty(), "{:?}", found.rejects);
        let (line, lina) = &found.items[0];
        assert_eq!((*line, lina.key.as_str(), lina.start.to_string().as_str()), (2, "u-1", "2026-12-01T08:00:00Z"));
        assert_eq!((lina.location.as_deref(), lina.guests.len(), lina.answers.len()), (Some("Zoom room"), 2, 1));
        assert_eq!(lina.email.wire(), "Lina@guest.example");
        let (_, omar) = &found.items[1];
        assert_eq!((omar.cancelled.as_deref(), omar.no_show), (Some("ill"), true));
    }

    #[test]
    fn wrong_lines_are_named_and_the_others_taken() {
        let text = format!(
            "{HEAD},,nobody,,Intro,2026-12-01 09:00,2026-12-01 09:30\n,,a@b.example,,Intro,01.12.2026,2026-12-01 09:30\n\
             ,,a@b.example,,,2026-12-01 09:00,2026-12-01 09:30\n,,a@b.example,,Intro,2026-12-01 09:00,2026-12-01 08:30\n\
             ,,a@b.example,,Intro,2026-12-01 09:00,2026-12-01 09:30\n"
        );
        let found = read(&text);
        let fields: Vec<_> = found.rejects.iter().map(|one| (one.line, one.field)).collect();
        assert_eq!(
            fields,
            [
                (2, Some("Invitee Email")),
                (3, Some("Start Date & Time")),
                (4, Some("Event Type Name")),
                (5, Some("End Date & Time"))
            ]
        );
        assert_eq!(found.items.len(), 1);
        assert!(read_events("a,b\n1,2\n", &TimeZone::UTC).is_err());
        assert!(read_events(&"x,".repeat(300), &TimeZone::UTC).is_err());
    }

    #[test]
    fn a_shared_event_is_one_booking_for_each_attendee() {
        let text = "Invitee Email,Event Type Name,Start Date & Time,End Date & Time,Event UUID\n\
            a@b.example,Intro,2026-12-01 09:00,2026-12-01 09:30,e-1\nc@d.example,Intro,2026-12-01 09:00,2026-12-01 09:30,e-1\n";
        let keys: Vec<String> = read(text).items.into_iter().map(|one| one.1.key).collect();
        assert_eq!(keys, ["e-1/a@b.example", "e-1/c@d.example"]);
    }

    proptest! {
        #[test]
        fn no_file_is_too_odd(text in "\\PC{0,400}|([a-z@,\"\\n;0-9: -]{0,400})") {
            let _ = read_events(&text, &TimeZone::UTC);
        }

        #[test]
        fn every_line_is_taken_or_named(lines in proptest::collection::vec("[a-z0-9@. :\u{600}-\u{6ff}-]{0,30}", 0..20)) {
            let row = |value: &String| format!("x,x,{value},x,{value},{value},{value}\n");
            let rows = lines.iter().map(row).collect::<Vec<_>>().concat();
            let found = read(&format!("{HEAD}{rows}"));
            prop_assert_eq!(found.items.len() + found.rejects.len(), lines.len());
        }
    }
}
