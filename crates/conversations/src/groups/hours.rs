//! Working hours in a time zone.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{ToSpan, Zoned};
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Error, Result};

/// Spans of one day of the week, `HH:MM` to `HH:MM`; 24:00 ends a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatDayHours)]
#[serde(deny_unknown_fields)]
pub struct DayHours {
    /// 1 is Monday, 7 is Sunday (ISO 8601).
    pub day: u8,
    /// From and to.
    pub spans: Vec<(String, String)>,
}

/// Working hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ChatHours)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The IANA time zone.
    pub zone: String,
    /// Days on which somebody is there.
    #[serde(default)]
    pub days: Vec<DayHours>,
    /// Days on which nobody is, as dates.
    #[serde(default)]
    pub closed: Vec<String>,
}

/// Minutes since midnight.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= 24 * 60).then_some(all)
}

impl Hours {
    /// Whether everything can be read.
    ///
    /// # Errors
    /// The field that cannot.
    pub fn check(&self) -> Result<()> {
        if TimeZone::get(&self.zone).is_err() {
            return Err(Error::field("hours.zone", "expected a time zone such as Asia/Riyadh"));
        }
        if self.days.len() > 14 || self.days.iter().any(|day| !(1..=7).contains(&day.day) || day.spans.len() > 10) {
            return Err(Error::field("hours.days", "expected days from 1 (Monday) to 7 with at most ten spans"));
        }
        let right = |(from, to): &(String, String)| minutes(from).zip(minutes(to)).is_some_and(|(from, to)| from < to);
        if !self.days.iter().flat_map(|day| &day.spans).all(right) {
            return Err(Error::field("hours.days", "expected spans such as [\"09:00\", \"17:00\"]"));
        }
        if self.closed.len() > 400 || self.closed.iter().any(|day| day.parse::<Date>().is_err()) {
            return Err(Error::field("hours.closed", "expected dates such as 2026-12-25"));
        }
        Ok(())
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }

    /// The spans of a date, in minutes, the earliest first.
    fn spans(&self, date: Date) -> Vec<(u16, u16)> {
        if self.closed.iter().any(|day| day.parse::<Date>().is_ok_and(|day| day == date)) {
            return Vec::new();
        }
        let number = match date.weekday() {
            Weekday::Monday => 1,
            Weekday::Tuesday => 2,
            Weekday::Wednesday => 3,
            Weekday::Thursday => 4,
            Weekday::Friday => 5,
            Weekday::Saturday => 6,
            Weekday::Sunday => 7,
        };
        let days = self.days.iter().filter(|day| day.day == number);
        let mut spans: Vec<(u16, u16)> =
            days.flat_map(|day| &day.spans).filter_map(|(from, to)| minutes(from).zip(minutes(to))).collect();
        spans.sort_unstable();
        spans
    }

    fn at(&self, date: Date, minutes: u16) -> Option<Timestamp> {
        let (date, minutes) = if minutes == 24 * 60 { (date.tomorrow().ok()?, 0) } else { (date, minutes) };
        let time = Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).ok()?;
        let zoned: Zoned = date.to_datetime(time).to_zoned(self.zone()).ok()?;
        Some(zoned.timestamp().into())
    }

    /// Whether somebody is there; spans are half-open.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let date = now.to_jiff().to_zoned(self.zone()).date();
        self.spans(date).into_iter().any(|(from, to)| {
            self.at(date, from).zip(self.at(date, to)).is_some_and(|(from, to)| from <= now && now < to)
        })
    }

    /// When somebody is there next; none when somebody is there now, or not within two months.
    pub fn opens_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.is_open(now) {
            return None;
        }
        let first = now.to_jiff().to_zoned(self.zone()).date();
        (0..62).find_map(|days| {
            let date = first.checked_add(days.days()).ok()?;
            self.spans(date).into_iter().filter_map(|(from, _)| self.at(date, from)).find(|at| *at > now)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> Hours {
        let day = |day| DayHours { day, spans: vec![("09:00".to_owned(), "17:00".to_owned())] };
        Hours {
            zone: "Asia/Riyadh".to_owned(),
            days: [7, 1, 2, 3, 4].map(day).to_vec(),
            closed: vec!["2026-11-23".to_owned()],
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn hours_are_those_of_the_zone() {
        let hours = hours();
        hours.check().unwrap();
        // Sunday, 22 November 2026: 09:00 in Riyadh is 06:00 in UTC.
        for (instant, open) in [
            ("2026-11-22T05:59:59Z", false),
            ("2026-11-22T06:00:00Z", true),
            ("2026-11-22T13:59:59Z", true),
            ("2026-11-22T14:00:00Z", false),
            ("2026-11-23T07:00:00Z", false),
            ("2026-11-27T07:00:00Z", false),
        ] {
            assert_eq!(hours.is_open(at(instant)), open, "{instant}");
        }
        assert_eq!(hours.opens_at(at("2026-11-22T14:00:00Z")), Some(at("2026-11-24T06:00:00Z")));
        assert_eq!(hours.opens_at(at("2026-11-22T07:00:00Z")), None);
    }

    #[test]
    fn a_change_of_clocks_moves_the_hours() {
        let hours = Hours {
            zone: "Europe/Berlin".to_owned(),
            days: vec![DayHours { day: 1, spans: vec![("00:00".to_owned(), "24:00".to_owned())] }],
            closed: Vec::new(),
        };
        assert!(hours.is_open(at("2026-03-29T22:00:00Z")), "summer time began the day before");
        assert!(!hours.is_open(at("2026-03-30T22:00:00Z")));
        assert!(hours.is_open(at("2026-10-25T23:00:00Z")), "and ended");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for (from, to) in [("9:00", "17:00"), ("17:00", "09:00"), ("09:00", "24:01"), ("aa:bb", "10:00")] {
            let mut wrong = hours();
            wrong.days[0].spans = vec![(from.to_owned(), to.to_owned())];
            assert!(wrong.check().is_err(), "{from} {to}");
        }
        assert!(Hours { zone: "Mars/Olympus".to_owned(), ..hours() }.check().is_err());
        assert!(Hours { closed: vec!["soon".to_owned()], ..hours() }.check().is_err());
    }
}
