//! The question for the age. The date of birth serves the answer and is not kept.

use jiff::{Span, ToSpan};
use kernel::{Date, Timestamp};
use serde::{Deserialize, Serialize};

/// Nobody is older, in years.
const OLDEST: i32 = 130;
/// The last zone in which a day begins lies this many seconds behind UTC.
const LAST_ZONE: i64 = 12 * 3600;

/// Asks for the date of birth, and turns away whoever is too young.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumAge {
    /// The age in years, 1 to 99, not below the workspace's minimum; the workspace's when absent.
    #[serde(default)]
    pub years: Option<u8>,
}

/// What a date of birth says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// Old enough, wherever the person is.
    Enough,
    /// Too young.
    TooYoung,
    /// No date on which somebody now alive was born.
    Impossible,
}

/// Whether somebody born on `birth` has completed `years` years, in whatever zone they may be.
pub(super) fn judge(birth: &str, years: u8, now: Timestamp) -> Age {
    let Ok(birth) = birth.trim().parse::<Date>() else { return Age::Impossible };
    let today = now.date();
    let tomorrow = today.checked_add(1.day()).unwrap_or(today);
    if birth > tomorrow || i32::from(today.year()) - i32::from(birth.year()) > OLDEST {
        return Age::Impossible;
    }
    let Ok(birthday) = birth.checked_add(Span::new().years(i64::from(years))) else { return Age::Impossible };
    if now.plus_seconds(-LAST_ZONE).date() >= birthday { Age::Enough } else { Age::TooYoung }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_is_counted_to_the_day_and_in_the_last_zone() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (birth, now, expected) in [
            ("2008-11-22", "2026-11-22T11:59:59Z", Age::TooYoung),
            ("2008-11-22", "2026-11-22T12:00:00Z", Age::Enough),
            ("2008-11-23", "2026-11-22T12:00:00Z", Age::TooYoung),
            ("2027-01-01", "2026-11-22T12:00:00Z", Age::Impossible),
            ("1850-01-01", "2026-11-22T12:00:00Z", Age::Impossible),
            ("22.11.2008", "2026-11-22T12:00:00Z", Age::Impossible),
            ("", "2026-11-22T12:00:00Z", Age::Impossible),
        ] {
            assert_eq!(judge(birth, 18, at(now)), expected, "{birth} at {now}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_judged(birth in ".{0,20}", years: u8, micros: i32) {
            let _ = judge(&birth, years, Timestamp(i64::from(micros)));
        }
    }
}
