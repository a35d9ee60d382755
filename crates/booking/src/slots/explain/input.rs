//! The input of `barid explain slots`, as the contract names it. Unknown fields are not an error: they are named in
//! the answer, so that a misspelt one is seen.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::Timestamp;
use serde::{Deserialize, Deserializer, de};
use serde_json::Value as Json;

use crate::slots::model::Mode;

/// Fields nobody asked for.
pub(super) type Rest = BTreeMap<String, Json>;

#[derive(Deserialize)]
pub(super) struct Input {
    pub(super) now: Option<Timestamp>,
    #[serde(default)]
    pub(super) meeting: MeetingInput,
    pub(super) hosts: Vec<HostInput>,
    pub(super) query: Range,
    #[serde(default)]
    pub(super) holds: Vec<HoldInput>,
    pub(super) requester: Option<String>,
    pub(super) reschedule_of: Option<String>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct MeetingInput {
    pub(super) duration: Option<i64>,
    pub(super) step: Option<i64>,
    pub(super) buffer_before: Option<i64>,
    pub(super) buffer_after: Option<i64>,
    pub(super) min_notice: Option<i64>,
    pub(super) rolling_days: Option<i64>,
    pub(super) date_range: Option<Dates>,
    pub(super) max_per_day: Option<u32>,
    pub(super) max_per_week: Option<u32>,
    pub(super) capacity: Option<u32>,
    pub(super) align: Option<i64>,
    pub(super) mode: Option<Mode>,
    #[serde(alias = "zone", alias = "tz")]
    pub(super) timezone: Option<String>,
    #[serde(rename = "type", alias = "id")]
    pub(super) kind: Option<String>,
    pub(super) tentative_blocks: Option<bool>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

#[derive(Deserialize)]
pub(super) struct HostInput {
    pub(super) id: Option<String>,
    #[serde(alias = "zone", alias = "tz")]
    pub(super) timezone: Option<String>,
    #[serde(default)]
    pub(super) rules: Vec<RuleInput>,
    #[serde(default)]
    pub(super) overrides: Vec<OverrideInput>,
    #[serde(default)]
    pub(super) holidays: Vec<Date>,
    #[serde(default)]
    pub(super) busy: Vec<Range>,
    #[serde(default)]
    pub(super) bookings: Vec<BookingInput>,
    #[serde(default)]
    pub(super) events: Vec<EventInput>,
    #[serde(default)]
    pub(super) fixed: bool,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

#[derive(Deserialize)]
pub(super) struct RuleInput {
    pub(super) days: Vec<Day>,
    pub(super) start: Clock,
    pub(super) end: Clock,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

#[derive(Deserialize)]
pub(super) struct OverrideInput {
    pub(super) date: Date,
    #[serde(default)]
    pub(super) intervals: Vec<Hours>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

#[derive(Deserialize)]
pub(super) struct BookingInput {
    pub(super) id: Option<String>,
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    #[serde(default)]
    pub(super) buffer_before: i64,
    #[serde(default)]
    pub(super) buffer_after: i64,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

#[derive(Deserialize)]
pub(super) struct HoldInput {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) expires: Timestamp,
    pub(super) holder: Option<String>,
    pub(super) host: Option<String>,
    #[serde(default)]
    pub(super) buffer_before: i64,
    #[serde(default)]
    pub(super) buffer_after: i64,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

#[derive(Deserialize)]
pub(super) struct EventInput {
    pub(super) start: String,
    pub(super) end: Option<String>,
    #[serde(alias = "timezone", alias = "zone")]
    pub(super) tz: Option<String>,
    #[serde(default)]
    pub(super) all_day: bool,
    pub(super) transp: Option<String>,
    pub(super) status: Option<String>,
    pub(super) partstat: Option<String>,
    pub(super) rrule: Option<Recurrence>,
    #[serde(default, alias = "exdates")]
    pub(super) exdate: Vec<String>,
    #[serde(flatten)]
    pub(super) rest: Rest,
}

/// A rule as RFC 5545 writes it, or its parts by name.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Recurrence {
    Text(String),
    Parts(BTreeMap<String, Json>),
}

/// `[from, to]`, or an object of both.
#[derive(Deserialize, Clone, Copy)]
#[serde(untagged, expecting = "expected [from, to], two instants such as 2026-11-21T09:30:00Z")]
pub(super) enum Range {
    Pair(Timestamp, Timestamp),
    Named {
        #[serde(alias = "start")]
        from: Timestamp,
        #[serde(alias = "end")]
        to: Timestamp,
    },
}

impl Range {
    pub(super) fn span(self) -> (i64, i64) {
        match self {
            Self::Pair(from, to) | Self::Named { from, to } => (from.0, to.0),
        }
    }
}

/// The first and last date.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected [first, last], two dates such as 2026-11-21")]
pub(super) enum Dates {
    Pair(Option<Date>, Option<Date>),
    Named {
        #[serde(alias = "start", alias = "first")]
        from: Option<Date>,
        #[serde(alias = "end", alias = "last")]
        to: Option<Date>,
    },
}

impl Dates {
    pub(super) fn pair(&self) -> (Option<Date>, Option<Date>) {
        match *self {
            Self::Pair(from, to) | Self::Named { from, to } => (from, to),
        }
    }
}

/// From and to on the local clock.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected {\"start\":\"09:00\",\"end\":\"17:00\"} or [\"09:00\",\"17:00\"]")]
pub(super) enum Hours {
    Pair(Clock, Clock),
    Named { start: Clock, end: Clock },
}

impl Hours {
    pub(super) fn pair(&self) -> (Clock, Clock) {
        match *self {
            Self::Pair(start, end) | Self::Named { start, end } => (start, end),
        }
    }
}

/// Minutes after the local midnight: `"09:30"`, or the number.
#[derive(Clone, Copy)]
pub(super) struct Clock(pub(super) u16);

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || de::Error::custom("expected a time of day from 00:00 to 24:00");
        match Json::deserialize(deserializer)? {
            Json::String(text) => clock(&text).map(Self).ok_or_else(wrong),
            Json::Number(number) => {
                number.as_u64().filter(|minutes| *minutes <= 1440).map(|minutes| Self(minutes as u16)).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    }
}

/// Minutes of a text such as `09:30`, `9:30`, `24:00` or `09:30:00`.
pub(crate) fn clock(text: &str) -> Option<u16> {
    let mut parts = text.split(':');
    let hours = parts.next().filter(|part| matches!(part.len(), 1 | 2))?.parse::<u16>().ok()?;
    let minutes = parts.next().filter(|part| part.len() == 2)?.parse::<u16>().ok()?;
    let no_seconds = parts.next().is_none_or(|part| part == "00") && parts.next().is_none();
    (no_seconds && minutes < 60 && hours * 60 + minutes <= 1440).then_some(hours * 60 + minutes)
}

/// A day of the week: ISO number (Monday is 1) or name.
pub(super) struct Day(pub(super) jiff::civil::Weekday);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use jiff::civil::Weekday;
        let wrong = || de::Error::custom("expected a day of the week, 1 (Monday) to 7");
        let number = match Json::deserialize(deserializer)? {
            Json::Number(number) => number.as_i64().and_then(|day| i8::try_from(day).ok()).ok_or_else(wrong)?,
            Json::String(text) => {
                let names = ["mo", "tu", "we", "th", "fr", "sa", "su"];
                let text = text.to_ascii_lowercase();
                let place = names.iter().position(|name| text.starts_with(name));
                place.map(|place| place as i8 + 1).or_else(|| text.parse().ok()).ok_or_else(wrong)?
            }
            _ => return Err(wrong()),
        };
        Weekday::from_monday_one_offset(number).map(Self).map_err(|_| wrong())
    }
}
