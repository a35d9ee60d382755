//! Instants and local times as exports write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use kernel::Timestamp;

/// The earliest and latest year that is believed.
const YEARS: std::ops::Range<i16> = 2000..2200;

/// Reads `2026-03-01T09:00:00Z`, or a local time such as `2026-03-01 09:00 am` in a zone. A local time that does not
/// exist is read with the offset before the gap, one that exists twice as the first (RFC 5545 section 3.3.5).
pub(super) fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 40 {
        return None;
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return within(at);
    }
    let (date, time) = text.split_once(['T', ' '])?;
    let date: Date = date.parse().ok()?;
    let local = DateTime::from_parts(date, clock(time)?);
    within(zone.to_ambiguous_zoned(local).compatible().ok()?.timestamp())
}

fn within(at: jiff::Timestamp) -> Option<Timestamp> {
    let year = TimeZone::UTC.to_datetime(at).year();
    YEARS.contains(&year).then(|| Timestamp(at.as_microsecond()))
}

/// `09:00`, `9:00:00`, `09:00 am`, `9:00PM`.
fn clock(text: &str) -> Option<Time> {
    let lower = text.trim().to_ascii_lowercase();
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(digits), _) => (digits.trim(), Some(0)),
        (_, Some(digits)) => (digits.trim(), Some(12)),
        _ => (lower.as_str(), None),
    };
    let mut parts = digits.split(':');
    let mut number = |most: i8| -> Option<i8> {
        let part = parts.next()?;
        let plain = (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|number| plain && *number <= most)
    };
    let hour = number(23)?;
    let minute = number(59)?;
    let second = if digits.matches(':').count() > 1 { number(59)? } else { 0 };
    if digits.matches(':').count() > 2 {
        return None;
    }
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_and_local_times() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let read = |text: &str| read(text, &berlin).map(|at| at.to_string());
        for (text, at) in [
            ("2026-03-01T09:00:00Z", Some("2026-03-01T09:00:00Z")),
            ("2026-03-01T09:00:00+03:00", Some("2026-03-01T06:00:00Z")),
            ("2026-03-01 09:00 am", Some("2026-03-01T08:00:00Z")),
            ("2026-03-01 12:30am", Some("2026-02-28T23:30:00Z")),
            ("2026-07-01 12:30 PM", Some("2026-07-01T10:30:00Z")),
            ("2026-07-01 21:05:09", Some("2026-07-01T19:05:09Z")),
            // A gap and a fold.
            ("2026-03-29 02:30", Some("2026-03-29T01:30:00Z")),
            ("2026-10-25 02:30", Some("2026-10-25T00:30:00Z")),
            ("2026-03-01 13:00 pm", None),
            ("2026-02-30 09:00", None),
            ("03/01/2026 09:00", None),
            ("1066-10-14 09:00", None),
            ("2026-03-01 9", None),
            ("2026-03-01 9:5:1:2", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), at, "{text}");
        }
    }
}
