//! The hours in which a sequence's messages may leave, in the sender's own zone.

use jiff::ToSpan;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use kernel::{Problem, Timestamp};
use serde::{Deserialize, Serialize};

/// Days and hours, half-open: from `from` until before `until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The first hour, 0 to 23.
    pub from: i8,
    /// The hour at which it closes, 1 to 24.
    pub until: i8,
    /// An IANA time zone.
    pub zone: String,
    /// The days, 1 (Monday) to 7 (Sunday).
    #[serde(default = "working_days")]
    pub days: Vec<i8>,
}

fn working_days() -> Vec<i8> {
    vec![1, 2, 3, 4, 5]
}

impl Window {
    pub(super) fn check(&self) -> Result<(), Problem> {
        if !(0..=23).contains(&self.from) || !(1..=24).contains(&self.until) || self.from >= self.until {
            return Err(Problem::field("window.from", "hours are 0 to 24, and the window opens before it closes"));
        }
        if TimeZone::get(&self.zone).is_err() {
            return Err(Problem::field("window.zone", "expected an IANA time zone such as Europe/Paris"));
        }
        if self.days.is_empty() || self.days.iter().any(|day| !(1..=7).contains(day)) {
            return Err(Problem::field("window.days", "expected days from 1 (Monday) to 7 (Sunday)"));
        }
        Ok(())
    }

    fn opens_on(&self, day: Weekday) -> bool {
        self.days.contains(&day.to_monday_one_offset())
    }

    /// The first instant, not before `now`, at which the window is open.
    pub(super) fn next(&self, now: Timestamp) -> Timestamp {
        let Ok(zone) = TimeZone::get(&self.zone) else { return now };
        let local = now.to_jiff().to_zoned(zone);
        for ahead in 0..=7i64 {
            let Ok(day) = local.date().checked_add(ahead.days()) else { return now };
            if !self.opens_on(day.weekday()) {
                continue;
            }
            if ahead == 0 && local.hour() >= self.from && local.hour() < self.until {
                return now;
            }
            let opening = day.at(self.from, 0, 0, 0).to_zoned(local.time_zone().clone());
            if let Ok(opening) = opening.map(|opening| Timestamp::from(opening.timestamp()))
                && opening >= now
            {
                return opening;
            }
        }
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(now: &str) -> String {
        let window = Window { from: 9, until: 17, zone: "Europe/Paris".to_owned(), days: working_days() };
        window.check().unwrap();
        window.next(now.parse().unwrap()).to_string()
    }

    #[test]
    fn it_opens_on_the_next_working_morning() {
        assert_eq!(next("2026-11-20T10:30:00Z"), "2026-11-20T10:30:00Z");
        assert_eq!(next("2026-11-20T07:00:00Z"), "2026-11-20T08:00:00Z");
        // Half-open: at 17:00 it is closed, and Saturday and Sunday are off.
        assert_eq!(next("2026-11-20T16:00:00Z"), "2026-11-23T08:00:00Z");
        assert_eq!(next("2026-11-21T12:00:00Z"), "2026-11-23T08:00:00Z");
        // Across the change to summer time the local hour stays.
        assert_eq!(next("2026-03-28T12:00:00Z"), "2026-03-30T07:00:00Z");
    }

    #[test]
    fn nonsense_is_refused_by_field() {
        let good = Window { from: 9, until: 17, zone: "Asia/Riyadh".to_owned(), days: vec![7, 1, 2, 3, 4] };
        let field = |window: Window| window.check().unwrap_err().fields[0].field.clone();
        assert_eq!(field(Window { until: 9, ..good.clone() }), "window.from");
        assert_eq!(field(Window { zone: "Mars/Base".to_owned(), ..good.clone() }), "window.zone");
        assert_eq!(field(Window { days: vec![0], ..good }), "window.days");
    }
}
