//! Calendar periods (ISO 8601): years, months, weeks and days.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Span, civil::Date};
use kernel::Timestamp;

/// A calendar period. A month ends on the same day number, or on the month's last day when it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Period {
    months: u16,
    days: u16,
}

/// A text that is no period that retention knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a period such as P6M, P30D or P1Y6M (ISO 8601; at most a hundred years); nothing is kept for ever")]
pub struct PeriodError;

/// A hundred years, the most that is believed.
const MOST_MONTHS: u32 = 1200;
const MOST_DAYS: u32 = 36_525;
/// Periods are compared by how far they reach from here.
const REFERENCE: Date = Date::constant(2001, 3, 1);

impl Period {
    /// So many months.
    pub const fn months(months: u16) -> Self {
        Self { months, days: 0 }
    }

    /// Years, months below twelve, and days.
    pub const fn parts(self) -> (u16, u16, u16) {
        (self.months / 12, self.months % 12, self.days)
    }

    /// So many days.
    pub const fn days(days: u16) -> Self {
        Self { months: 0, days }
    }

    /// The same with so many months less; nothing when it has fewer.
    pub const fn less_months(self, months: u16) -> Self {
        Self { months: self.months.saturating_sub(months), days: self.days }
    }

    fn span(self) -> Span {
        Span::new().months(i64::from(self.months)).days(i64::from(self.days))
    }

    /// The instant at which something that happened `from` then is due (UTC).
    pub fn after(self, from: Timestamp) -> Timestamp {
        let zoned = from.to_jiff().to_zoned(TimeZone::UTC);
        zoned.checked_add(self.span()).map_or(Timestamp(i64::MAX), |at| at.timestamp().into())
    }

    /// The latest instant of which everything at or before it is due by `now`: the exact inverse of
    /// [`Period::after`], which several days of a long month may share.
    pub fn before(self, now: Timestamp) -> Timestamp {
        let zoned = now.to_jiff().to_zoned(TimeZone::UTC);
        let start = zoned.checked_sub(self.span()).map_or(Timestamp(i64::MIN), |at| Timestamp::from(at.timestamp()));
        let later = |days: i64| start.plus_micros(days * Timestamp::DAY);
        (-3..=3).rev().map(later).find(|at| self.after(*at) <= now).unwrap_or(start)
    }

    /// How many days it is, for comparing.
    pub fn length(self) -> i64 {
        let end = REFERENCE.checked_add(self.span()).unwrap_or(Date::MAX);
        REFERENCE.until(end).map_or(i64::MAX, |span| i64::from(span.get_days()))
    }
}

impl PartialOrd for Period {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.length().cmp(&other.length()))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (years, months) = (self.months / 12, self.months % 12);
        f.write_str("P")?;
        if years > 0 {
            write!(f, "{years}Y")?;
        }
        if months > 0 {
            write!(f, "{months}M")?;
        }
        if self.days > 0 || self.months == 0 {
            write!(f, "{}D", self.days)?;
        }
        Ok(())
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty() && rest.len() <= 24).ok_or(PeriodError)?;
        let (mut months, mut days, mut order) = (0u32, 0u32, 0);
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number: u32 = rest[..digits].parse().map_err(|_| PeriodError)?;
            let unit = rest[digits..].bytes().next().ok_or(PeriodError)?;
            let (place, per_month, per_day) = match unit {
                b'Y' => (1, 12, 0),
                b'M' => (2, 1, 0),
                b'W' => (3, 0, 7),
                b'D' => (4, 0, 1),
                _ => return Err(PeriodError),
            };
            if place <= order {
                return Err(PeriodError);
            }
            order = place;
            months = months.saturating_add(number.saturating_mul(per_month));
            days = days.saturating_add(number.saturating_mul(per_day));
            rest = &rest[digits + 1..];
        }
        if months > MOST_MONTHS || days > MOST_DAYS {
            return Err(PeriodError);
        }
        Ok(Self { months: months as u16, days: days as u16 })
    }
}

impl serde::Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn months_end_on_the_last_day_when_they_have_no_such_day() {
        assert_eq!(Period::months(6).after(at("2026-08-31T10:00:00Z")), at("2027-02-28T10:00:00Z"));
        assert_eq!(Period::months(6).after(at("2027-08-31T10:00:00Z")), at("2028-02-29T10:00:00Z"));
        assert_eq!(Period::months(12).after(at("2028-02-29T10:00:00Z")), at("2029-02-28T10:00:00Z"));
        assert_eq!(Period::months(6).before(at("2027-02-28T10:00:00Z")), at("2026-08-31T10:00:00Z"));
    }

    #[test]
    fn texts_are_iso_8601_and_finite() {
        for (text, written) in [("P6M", "P6M"), ("P24M", "P2Y"), ("P2W", "P14D"), ("P0D", "P0D"), ("P1Y6M", "P1Y6M")] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), written);
        }
        for text in ["forever", "", "P", "PM", "P-6M", "P6", "PT6H", "P1D1M", "P1M1M", "P9999Y", "infinite", "null"] {
            assert_eq!(text.parse::<Period>(), Err(PeriodError), "{text}");
        }
        assert!(Period::months(25) > Period::months(24));
        assert!(Period::days(731) > Period::months(24));
    }

    proptest! {
        #[test]
        fn the_cut_off_is_exact(now in 0i64..3_000_000_000, months in 0u16..130, days in 0u16..40) {
            let (now, period) = (Timestamp(now * Timestamp::SECOND), Period { months, days });
            let cut = period.before(now);
            prop_assert!(period.after(cut) <= now);
            prop_assert!(period.after(cut.plus_micros(4 * Timestamp::DAY)) > now);
        }

        #[test]
        fn any_text_is_survived(text in ".{0,30}") {
            let _ = text.parse::<Period>();
        }
    }
}
