//! Sending windows by weekday, in one or several time zones at once.

use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;
use kernel::Timestamp;

use super::facts::Minute;

/// A week of windows in minutes of the local day, Monday first; half-open, `None` is a closed day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Week([Option<(u16, u16)>; 7]);

/// What a clock says about a set of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// Every window is open.
    Open,
    /// They are next open together at this instant.
    At(Timestamp),
    /// They never are, within three weeks.
    Never,
}

impl Week {
    /// The same window every day.
    pub(super) const fn daily(start: Minute, end: Minute) -> Self {
        let day = if start.0 < end.0 { Some((start.0, end.0)) } else { None };
        Self([day; 7])
    }

    /// The same week with another window on one day.
    pub(super) fn with(mut self, day: Weekday, window: Option<(Minute, Minute)>) -> Self {
        self.0[day.to_monday_zero_offset() as usize] = match window {
            Some((start, end)) if start.0 < end.0 => Some((start.0, end.0)),
            _ => None,
        };
        self
    }

    /// The hours of Monday, which stand for those of a plain day.
    pub(super) fn hours(&self) -> (Minute, Minute) {
        self.0[0].map_or((Minute(0), Minute(1440)), |(start, end)| (Minute(start), Minute(end)))
    }

    /// The same week, closed on Sunday.
    pub(super) fn closed_on_sunday(self) -> Self {
        self.with(Weekday::Sunday, None)
    }

    /// The same week, closed on Friday.
    pub(super) fn closed_on_friday(self) -> Self {
        self.with(Weekday::Friday, None)
    }

    /// The same week where Friday is the weekly holiday: Sunday takes the hours of Monday.
    pub(super) fn friday_for_sunday(mut self) -> Self {
        self.0[6] = self.0[0];
        self.closed_on_friday()
    }

    /// The hours that both weeks leave open.
    pub(super) fn intersect(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|day| {
            let ((a, b), (c, d)) = (self.0[day]?, other.0[day]?);
            (a.max(c) < b.min(d)).then_some((a.max(c), b.min(d)))
        }))
    }

    /// The first instant, `at` or later, at which the window is open in one zone.
    fn next(&self, zone: &TimeZone, at: Timestamp) -> Option<Timestamp> {
        let mut date = zone.to_datetime(at.to_jiff()).date();
        for _ in 0..=8 {
            if let Some((start, end)) = self.0[date.weekday().to_monday_zero_offset() as usize] {
                let instant = |minutes: u16| -> Option<Timestamp> {
                    let (day, minutes) = if minutes == 1440 { (date.tomorrow().ok()?, 0) } else { (date, minutes) };
                    let time = Time::new((minutes / 60) as i8, (minutes % 60) as i8, 0, 0).ok()?;
                    zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible().ok().map(Timestamp::from)
                };
                let (opens, closes) = (instant(start)?, instant(end)?);
                if at < closes {
                    return Some(at.max(opens));
                }
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    /// Whether the window is open in every zone, and if not, when it next is.
    pub(super) fn opening(&self, zones: &[TimeZone], now: Timestamp) -> Opening {
        let mut at = now;
        let limit = now.plus_seconds(21 * 86_400);
        loop {
            let before = at;
            for zone in zones {
                match self.next(zone, at) {
                    Some(next) if next <= limit => at = next,
                    _ => return Opening::Never,
                }
            }
            if at == before {
                return if at == now { Opening::Open } else { Opening::At(at) };
            }
        }
    }
}
