//! `barid explain slots`: the same [`find`](super::find) over a document, without server, database or clock.

mod events;
mod input;

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use self::input::{BookingInput, HoldInput, HostInput, Input, MeetingInput, Rest};
use super::model::{Booked, Held, Host, Meeting, Override, Question, Rule, SlotError, Taken};
pub(crate) use input::clock;

/// Why a document has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExplainError {
    /// `invalid_input`, `unknown_zone` or `too_large`.
    pub code: &'static str,
    /// What is wrong and where.
    pub detail: String,
}

impl ExplainError {
    fn invalid(detail: impl ToString) -> Self {
        Self { code: "invalid_input", detail: detail.to_string() }
    }
}

impl From<SlotError> for ExplainError {
    fn from(error: SlotError) -> Self {
        let code = if matches!(error, SlotError::TooLarge(_)) { "too_large" } else { "invalid_input" };
        Self { code, detail: error.to_string() }
    }
}

fn zone(field: &str, name: &str) -> Result<TimeZone, ExplainError> {
    TimeZone::get(name).map_err(|_| ExplainError {
        code: "unknown_zone",
        detail: format!(
            "{field}: {} is no time zone",
            name.chars().filter(|c| !c.is_control()).take(40).collect::<String>()
        ),
    })
}

/// Texts of the document as numbers: equal texts are equal numbers.
#[derive(Default)]
struct Names(HashMap<String, u64>);

impl Names {
    fn of(&mut self, text: &str) -> u64 {
        let next = self.0.len() as u64 + 1;
        *self.0.entry(text.to_owned()).or_insert(next)
    }

    /// The number of a text; without one a number that no text has.
    fn maybe(&mut self, text: Option<&str>) -> u64 {
        match text {
            Some(text) => self.of(text),
            None => self.of(&format!("\u{0}{}", self.0.len())),
        }
    }
}

/// Whether a booking's or a hold's type is the meeting's own. Without a type of its own the meeting is what is
/// booked when nothing else is said.
fn same(meeting: &MeetingInput, kind: Option<&str>) -> bool {
    match (meeting.kind.as_deref(), kind) {
        (_, None) => true,
        (Some(own), Some(kind)) => own == kind,
        (None, Some(kind)) => ["this", "same", "self", "own", "meeting"].contains(&kind),
    }
}

struct Building {
    names: Names,
    ignored: Vec<String>,
}

impl Building {
    fn unknown(&mut self, place: &str, rest: &Rest) {
        self.ignored.extend(rest.keys().map(|name| format!("{place}{name}")));
    }

    fn meeting(&mut self, input: &MeetingInput) -> Result<Meeting, ExplainError> {
        self.unknown("meeting.", &input.rest);
        let duration = input.duration.unwrap_or(30);
        Ok(Meeting {
            duration,
            step: input.step.unwrap_or(duration),
            buffer_before: input.buffer_before.unwrap_or(0),
            buffer_after: input.buffer_after.unwrap_or(0),
            min_notice: input.min_notice.unwrap_or(0),
            rolling_days: input.rolling_days,
            date_range: input.date_range.as_ref().map_or((None, None), input::Dates::pair),
            max_per_day: input.max_per_day,
            max_per_week: input.max_per_week,
            capacity: input.capacity.unwrap_or(1),
            align: input.align,
            mode: input.mode.unwrap_or_default(),
            zone: input.timezone.as_deref().map(|name| zone("meeting.timezone", name)).transpose()?,
        })
    }

    fn booked(&mut self, place: &str, input: &BookingInput, meeting: &MeetingInput) -> Booked {
        self.unknown(place, &input.rest);
        Booked {
            key: self.names.maybe(input.id.as_deref()),
            span: (input.start.0, input.end.0),
            buffers: (input.buffer_before, input.buffer_after),
            same_type: same(meeting, input.kind.as_deref()),
            seats: 1,
        }
    }

    fn held(&mut self, input: &HoldInput, meeting: &MeetingInput) -> Held {
        Held {
            span: (input.start.0, input.end.0),
            buffers: (input.buffer_before, input.buffer_after),
            expires: input.expires.0,
            holder: self.names.maybe(input.holder.as_deref()),
            same_type: same(meeting, input.kind.as_deref()),
        }
    }

    fn host(&mut self, place: usize, input: &HostInput, whole: &Input) -> Result<Host, ExplainError> {
        let place = format!("hosts[{place}].");
        self.unknown(&place, &input.rest);
        let zone = zone(&format!("{place}timezone"), input.timezone.as_deref().unwrap_or("UTC"))?;
        let mut rules = Vec::new();
        for (number, rule) in input.rules.iter().enumerate() {
            self.unknown(&format!("{place}rules[{number}]."), &rule.rest);
            rules.push(Rule {
                days: rule.days.iter().map(|day| day.0).collect(),
                start: start_of_day(&format!("{place}rules[{number}].start"), rule.start.0)?,
                end: rule.end.0,
            });
        }
        let mut overrides = Vec::new();
        for (number, exception) in input.overrides.iter().enumerate() {
            self.unknown(&format!("{place}overrides[{number}]."), &exception.rest);
            let mut intervals = Vec::new();
            for hours in &exception.intervals {
                let (start, end) = hours.pair();
                intervals.push((start_of_day(&format!("{place}overrides[{number}].start"), start.0)?, end.0));
            }
            overrides.push(Override { date: exception.date, intervals });
        }
        let mut taken = Taken { busy: input.busy.iter().map(|range| range.span()).collect(), ..Taken::default() };
        for (number, booking) in input.bookings.iter().enumerate() {
            taken.booked.push(self.booked(&format!("{place}bookings[{number}]."), booking, &whole.meeting));
        }
        let reach = events::reach(whole.query.span(), &whole.meeting);
        for (number, event) in input.events.iter().enumerate() {
            let place = format!("{place}events[{number}].");
            self.unknown(&place, &event.rest);
            let tentative = whole.meeting.tentative_blocks.unwrap_or(true);
            taken.busy.extend(events::busy(&place, event, &zone, tentative, reach)?);
        }
        let own = input.id.as_deref();
        for hold in whole.holds.iter().filter(|hold| hold.host.is_none() || hold.host.as_deref() == own) {
            taken.held.push(self.held(hold, &whole.meeting));
        }
        Ok(Host {
            zone,
            rules,
            overrides,
            holidays: input.holidays.clone(),
            absent: Vec::new(),
            taken,
            fixed: input.fixed,
        })
    }
}

fn start_of_day(field: &str, minutes: u16) -> Result<u16, ExplainError> {
    if minutes < 1440 {
        Ok(minutes)
    } else {
        Err(ExplainError::invalid(format_args!("{field}: 24:00 is an end, not a start")))
    }
}

fn text(at: i64) -> String {
    Timestamp(at).to_string()
}

/// Answers one document: `{"starts", "free_hosts", "why"}`, and `"ignored"` when it had fields that mean nothing.
///
/// # Errors
/// When the document is no question.
pub fn explain(document: &Json) -> Result<Json, ExplainError> {
    if !document.is_object() {
        return Err(ExplainError::invalid("expected an object with now, meeting, hosts and query"));
    }
    let input = Input::deserialize(document).map_err(ExplainError::invalid)?;
    let mut building = Building { names: Names::default(), ignored: Vec::new() };
    building.unknown("", &input.rest);
    for (number, hold) in input.holds.iter().enumerate() {
        building.unknown(&format!("holds[{number}]."), &hold.rest);
    }
    let meeting = building.meeting(&input.meeting)?;
    if meeting.capacity == 0 {
        return Err(ExplainError::invalid("meeting.capacity: expected 1 or more"));
    }
    let mut hosts = Vec::new();
    for (place, host) in input.hosts.iter().enumerate().take(super::find::MOST_HOSTS + 1) {
        hosts.push(building.host(place, host, &input)?);
    }
    let (from, to) = input.query.span();
    let question = Question {
        // A question without a clock is asked when its range begins.
        now: input.now.map_or(from, |now| now.0),
        from,
        to,
        meeting,
        hosts,
        rooms: Vec::new(),
        requester: input.requester.as_deref().map(|name| building.names.of(name)),
        reschedule_of: input.reschedule_of.as_deref().map(|name| building.names.of(name)),
        why: true,
    };
    let answer = super::find(&question)?;
    let name = |host: usize| {
        let id = input.hosts.get(host).and_then(|host| host.id.clone());
        id.unwrap_or_else(|| (host + 1).to_string())
    };
    let free: BTreeMap<String, Vec<String>> = answer
        .starts
        .iter()
        .map(|start| (text(start.at), start.hosts.iter().map(|&host| name(host)).collect()))
        .collect();
    let why: Vec<Json> = answer
        .why
        .iter()
        .map(|why| {
            json!({ "from": text(why.from), "to": text(why.to), "reason": why.reason.as_str(), "host": name(why.host) })
        })
        .collect();
    let mut out = json!({
        "starts": answer.starts.iter().map(|start| text(start.at)).collect::<Vec<_>>(),
        "free_hosts": free,
        "why": why,
    });
    if !building.ignored.is_empty() {
        out["ignored"] = json!(building.ignored);
    }
    Ok(out)
}
