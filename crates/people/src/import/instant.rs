//! Instants and days as spreadsheets and exports write them.

use jiff::civil::{Date, DateTime, Time};
use kernel::Timestamp;

/// Reads an instant: RFC 3339; `2026-01-31`, `2026-01-31 10:00[:00]`, `2026/01/31`,
/// `31.01.2026 [10:00]`, `31/01/2026` or `01/31/2026` where only one reading is a date. A time
/// without a zone is UTC; a day is its first moment. Arabic-Indic digits are digits. Not read:
/// what could mean two days (`03/04/2026`), and years outside 1900-2199.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > 64 {
        return None;
    }
    if text.is_ascii() { parse_ascii(text) } else { parse_ascii(kernel::fold(text).to_ascii_uppercase().as_str()) }
}

fn parse_ascii(text: &str) -> Option<Timestamp> {
    let at = match text.parse::<jiff::Timestamp>() {
        Ok(at) => Timestamp::from(at),
        Err(_) => civil(text)?,
    };
    let year = at.to_jiff().to_zoned(jiff::tz::TimeZone::UTC).year();
    (1900..2200).contains(&year).then_some(at)
}

fn civil(text: &str) -> Option<Timestamp> {
    let (day, time) = match text.split_once([' ', 'T']) {
        Some((day, time)) => (day, Some(time.trim())),
        None => (text, None),
    };
    let date = date(day)?;
    let time = time.map_or(Some(Time::midnight()), clock)?;
    let at = DateTime::from_parts(date, time).to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(at.timestamp().into())
}

/// Reads a day in the same forms.
pub fn date(text: &str) -> Option<Date> {
    let separator = ['-', '/', '.'].into_iter().find(|c| text.contains(*c))?;
    let mut parts = text.trim_end_matches('.').split(separator).map(|part| part.trim().parse::<i16>().ok());
    let (a, b, c) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    let make =
        |year: i16, month: i16, day: i16| Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok();
    if a >= 1000 {
        return make(a, b, c);
    }
    if c < 1000 {
        return None;
    }
    match separator {
        '/' => match (make(c, b, a), make(c, a, b)) {
            (Some(one), Some(other)) if one != other => None,
            (one, other) => one.or(other),
        },
        _ => make(c, b, a),
    }
}

fn clock(text: &str) -> Option<Time> {
    let text = text.trim_end_matches("UTC").trim_end_matches("GMT").trim();
    let (text, noon) = match text.to_ascii_uppercase() {
        upper if upper.ends_with("PM") => (text[..text.len() - 2].trim(), Some(true)),
        upper if upper.ends_with("AM") => (text[..text.len() - 2].trim(), Some(false)),
        _ => (text, None),
    };
    let mut parts = text.split(':');
    let hour = parts.next()?.parse::<i8>().ok()?;
    let minute = parts.next()?.parse::<i8>().ok()?;
    let second = parts.next().map_or(Some(0), |s| s.split('.').next()?.parse::<i8>().ok())?;
    if parts.next().is_some() {
        return None;
    }
    let hour = match noon {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(true) => hour % 12 + 12,
        Some(false) => hour % 12,
        None => hour,
    };
    Time::new(hour, minute, second, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use proptest::prelude::*;

    #[test]
    fn forms_that_have_one_meaning_are_read() {
        for (text, expected) in [
            ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:00+03:00", "2026-01-31T07:00:00Z"),
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31 10:05", "2026-01-31T10:05:00Z"),
            ("2026-01-31T10:05:06", "2026-01-31T10:05:06Z"),
            ("2026-01-31 10:05:06.123 UTC", "2026-01-31T10:05:06Z"),
            ("2026/1/31", "2026-01-31T00:00:00Z"),
            ("31.01.2026 10:05", "2026-01-31T10:05:00Z"),
            ("03.04.2026", "2026-04-03T00:00:00Z"),
            ("31/01/2026", "2026-01-31T00:00:00Z"),
            ("01/31/2026 1:30 PM", "2026-01-31T13:30:00Z"),
            ("٣١/٠١/٢٠٢٦", "2026-01-31T00:00:00Z"),
            ("05/05/2026", "2026-05-05T00:00:00Z"),
        ] {
            assert_eq!(parse(text).map(|at| at.to_string()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_not_guessed_at() {
        for text in [
            "03/04/2026",
            "yesterday",
            "2026-02-30",
            "31/31/2026",
            "2026",
            "26-01-31",
            "0001-01-01",
            "",
            "1/1",
            "2026-01-31 25:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "\\PC{0,70}") {
            let _ = parse(&text);
        }
    }
}
