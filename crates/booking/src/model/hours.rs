//! Weekly hours with their exceptions, as stored and as the API shows them.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use crate::Result;
use crate::error::invalid;
use crate::slots::{self, Override, Rule, clock};

/// The most rules, exceptions or dates of one schedule or list.
pub const MOST: usize = 1000;

/// Minutes after the local midnight, written `09:30`; 1440 is `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalTime(pub u16);

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        clock(&text).map(Self).ok_or_else(|| de::Error::custom("expected a time of day from 00:00 to 24:00"))
    }
}

/// From and to on the local clock; an end that is not after the start is on the next date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Interval {
    /// From, such as `09:00`.
    #[schema(value_type = String)]
    pub start: LocalTime,
    /// To, at most `24:00`.
    #[schema(value_type = String)]
    pub end: LocalTime,
}

/// Weekly hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekly {
    /// ISO days of the week: 1 is Monday, 7 is Sunday.
    pub days: Vec<u8>,
    /// From, such as `09:00`.
    #[schema(value_type = String)]
    pub start: LocalTime,
    /// To, at most `24:00`.
    #[schema(value_type = String)]
    pub end: LocalTime,
}

/// A date's hours instead of the weekly ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// The date.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// The hours; none closes the date.
    #[serde(default)]
    pub intervals: Vec<Interval>,
}

/// When somebody can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The zone of all times here, such as `Asia/Riyadh`.
    pub timezone: String,
    /// Weekly hours.
    #[serde(default)]
    pub rules: Vec<Weekly>,
    /// Exceptions by date.
    #[serde(default)]
    pub overrides: Vec<Exception>,
    /// Codes of the workspace's holiday lists whose dates are closed.
    #[serde(default)]
    pub holidays: Vec<String>,
}

/// Reads a zone's name.
///
/// # Errors
/// A problem at `field`.
pub fn zone(field: &str, name: &str) -> Result<TimeZone> {
    let known = (name.len() <= 64).then(|| TimeZone::get(name).ok()).flatten();
    known.ok_or_else(|| invalid(field, "expected a time zone of the IANA database, such as Asia/Riyadh"))
}

impl Hours {
    /// Checks what a member wrote.
    ///
    /// # Errors
    /// What is wrong, by field.
    pub fn check(&self) -> Result<()> {
        zone("timezone", &self.timezone)?;
        for (list, length) in
            [("rules", self.rules.len()), ("overrides", self.overrides.len()), ("holidays", self.holidays.len())]
        {
            if length > MOST {
                return Err(invalid(list, "at most 1000"));
            }
        }
        for (place, rule) in self.rules.iter().enumerate() {
            if rule.days.is_empty() || rule.days.iter().any(|day| !(1..=7).contains(day)) {
                return Err(invalid(format!("rules[{place}].days"), "expected days from 1 (Monday) to 7"));
            }
            start(&format!("rules[{place}].start"), rule.start)?;
        }
        for (place, exception) in self.overrides.iter().enumerate() {
            if exception.intervals.len() > 48 {
                return Err(invalid(format!("overrides[{place}].intervals"), "at most 48"));
            }
            for interval in &exception.intervals {
                start(&format!("overrides[{place}].start"), interval.start)?;
            }
        }
        Ok(())
    }

    /// The rules as the slot function takes them.
    pub fn rules(&self) -> Vec<Rule> {
        let days = |days: &[u8]| {
            days.iter().filter_map(|day| Weekday::from_monday_one_offset(*day as i8).ok()).collect::<Vec<_>>()
        };
        self.rules.iter().map(|rule| Rule { days: days(&rule.days), start: rule.start.0, end: rule.end.0 }).collect()
    }

    /// The exceptions as the slot function takes them.
    pub fn overrides(&self) -> Vec<Override> {
        let intervals =
            |list: &[Interval]| list.iter().map(|interval| (interval.start.0, interval.end.0)).collect::<Vec<_>>();
        self.overrides
            .iter()
            .map(|exception| Override { date: exception.date, intervals: intervals(&exception.intervals) })
            .collect()
    }
}

fn start(field: &str, at: LocalTime) -> Result<()> {
    if at.0 < 1440 { Ok(()) } else { Err(invalid(field, "24:00 is an end, not a start")) }
}

/// The civil text in which a booking's agreed time is kept: date and time in the zone, without offset.
pub(crate) fn civil_text(zone: &TimeZone, at: i64) -> String {
    let instant = kernel::Timestamp(at).to_jiff();
    zone.to_datetime(instant).to_string()
}

/// The instant that a stored civil time means today (rule R5 for edges would differ; a start is an event's time).
pub(crate) fn civil_instant(zone: &TimeZone, text: &str) -> Option<i64> {
    text.parse().ok().map(|civil| slots::event_time(zone, civil))
}
