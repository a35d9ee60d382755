//! Values of time: DATE, DATE-TIME, PERIOD and DURATION (RFC 5545 sections 3.3.4 to 3.3.9), and the rules
//! by which a civil time becomes an instant.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span};
use kernel::Timestamp;

/// A moment as a calendar writes it.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// A whole day, wherever the reader is.
    Date(Date),
    /// A civil time wherever the reader is.
    Floating(DateTime),
    /// An instant.
    Utc(DateTime),
    /// A civil time somewhere.
    Zoned(DateTime, TimeZone),
}

/// The instant of a civil time (R6): in a gap with the offset before it, in a fold the first.
pub(super) fn instant(civil: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_timestamp(civil).compatible().ok().map(Timestamp::from)
}

impl When {
    /// The civil time as written; a date is its midnight.
    pub fn civil(&self) -> DateTime {
        match self {
            Self::Date(date) => date.to_datetime(Time::midnight()),
            Self::Floating(civil) | Self::Utc(civil) | Self::Zoned(civil, _) => *civil,
        }
    }

    /// The zone in which the civil time stands; `reader` for dates and floating times (R17).
    pub fn zone<'a>(&'a self, reader: &'a TimeZone) -> &'a TimeZone {
        const UTC: &TimeZone = &TimeZone::UTC;
        match self {
            Self::Date(_) | Self::Floating(_) => reader,
            Self::Utc(_) => UTC,
            Self::Zoned(_, zone) => zone,
        }
    }

    /// The instant, for a reader in this zone.
    pub fn instant(&self, reader: &TimeZone) -> Option<Timestamp> {
        instant(self.civil(), self.zone(reader))
    }

    /// Whether it is a whole day.
    pub fn is_date(&self) -> bool {
        matches!(self, Self::Date(_))
    }

    /// The same form with another civil time.
    #[must_use]
    pub(super) fn with_civil(&self, civil: DateTime) -> Self {
        match self {
            Self::Date(_) => Self::Date(civil.date()),
            Self::Floating(_) => Self::Floating(civil),
            Self::Utc(_) => Self::Utc(civil),
            Self::Zoned(_, zone) => Self::Zoned(civil, zone.clone()),
        }
    }
}

/// A length: weeks and days on the calendar, the rest elapsed (RFC 5545 section 3.3.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    /// Calendar days, weeks included.
    pub days: i32,
    /// Elapsed seconds.
    pub seconds: i64,
}

/// How an event says when it is over.
#[derive(Debug, Clone, PartialEq)]
pub enum End {
    /// Nothing said: a day for a date, no time at all otherwise.
    Open,
    /// At a moment.
    At(When),
    /// After a length.
    After(Length),
}

fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 9 && text.bytes().all(|c| c.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `YYYYMMDD`, also with dashes as some exporters write it.
pub(super) fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let plain: String;
    let text = if text.len() == 10 && text.as_bytes()[4] == b'-' {
        plain = text.replace('-', "");
        &plain
    } else {
        text
    };
    if text.len() != 8 || !text.is_ascii() {
        return None;
    }
    let (year, month, day) = (digits(&text[..4])?, digits(&text[4..6])?, digits(&text[6..])?);
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// `HHMMSS`, also `HHMM`; a leap second is the second before.
fn time(text: &str) -> Option<Time> {
    if !text.is_ascii() || !matches!(text.len(), 4 | 6) {
        return None;
    }
    let seconds = if text.len() == 6 { digits(&text[4..])? } else { 0 };
    Time::new(digits(&text[..2])? as i8, digits(&text[2..4])? as i8, seconds.min(59) as i8, 0).ok()
}

/// A DATE or DATE-TIME in its zone, if it names one.
pub(super) fn when(text: &str, zone: Option<&TimeZone>) -> Option<When> {
    let text = text.trim();
    let Some((day, rest)) = text.split_once(['T', 't']) else {
        return date(text).map(When::Date);
    };
    let (rest, utc) = match rest.strip_suffix(['Z', 'z']) {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    // Midnight at the end of the day, which ISO 8601 once knew.
    let civil = if rest == "240000" {
        date(day)?.tomorrow().ok()?.to_datetime(Time::midnight())
    } else {
        date(day)?.to_datetime(time(rest)?)
    };
    Some(match (utc, zone) {
        (true, _) => When::Utc(civil),
        (false, Some(zone)) => When::Zoned(civil, zone.clone()),
        (false, None) => When::Floating(civil),
    })
}

/// `P1W`, `P1DT2H`, `-PT15M`.
pub(super) fn length(text: &str) -> Option<Length> {
    let text = text.trim();
    let (text, sign) = match text.as_bytes().first()? {
        b'-' => (&text[1..], -1),
        b'+' => (&text[1..], 1),
        _ => (text, 1),
    };
    let text = text.strip_prefix(['P', 'p'])?;
    let (mut out, mut number, mut in_time, mut any) = (Length::default(), String::new(), false, false);
    for c in text.chars() {
        match c.to_ascii_uppercase() {
            'T' if !in_time && number.is_empty() => in_time = true,
            c if c.is_ascii_digit() => number.push(c),
            unit => {
                let count = digits(&number)?;
                number.clear();
                any = true;
                match (unit, in_time) {
                    ('W', false) => out.days = out.days.checked_add(i32::try_from(count).ok()?.checked_mul(7)?)?,
                    ('D', false) => out.days = out.days.checked_add(i32::try_from(count).ok()?)?,
                    ('H', true) => out.seconds += count * 3600,
                    ('M', true) => out.seconds += count * 60,
                    ('S', true) => out.seconds += count,
                    _ => return None,
                }
            }
        }
    }
    (any && number.is_empty()).then_some(Length { days: out.days * sign, seconds: out.seconds * i64::from(sign) })
}

/// Start and end of a PERIOD, with a moment or a length as its end.
pub(super) fn period(text: &str, zone: Option<&TimeZone>) -> Option<(When, End)> {
    let (start, end) = text.split_once('/')?;
    let start = when(start, zone)?;
    let end = match end.trim().as_bytes().first()? {
        b'P' | b'p' | b'+' | b'-' => End::After(length(end)?),
        _ => End::At(when(end, zone)?),
    };
    Some((start, end))
}

/// The civil time so many days later.
pub(super) fn plus_days(civil: DateTime, days: i64) -> Option<DateTime> {
    civil.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// The instant a length after a civil start.
pub(super) fn after(civil: DateTime, zone: &TimeZone, length: Length) -> Option<Timestamp> {
    let later = plus_days(civil, i64::from(length.days))?;
    let at = zone.to_ambiguous_timestamp(later).compatible().ok()?;
    at.checked_add(SignedDuration::from_secs(length.seconds)).ok().map(Timestamp::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn gaps_and_folds_follow_the_standard() {
        let new_york = zone("America/New_York");
        let at = |text: &str| when(text, Some(&new_york)).unwrap().instant(&TimeZone::UTC).unwrap().to_string();
        assert_eq!(at("20260308T023000"), "2026-03-08T07:30:00Z");
        assert_eq!(at("20261101T013000"), "2026-11-01T05:30:00Z");
        assert_eq!(at("20260601T000000Z"), "2026-06-01T00:00:00Z");
    }

    #[test]
    fn a_day_starts_where_it_starts() {
        // Cairo springs forward at midnight: the day begins at 01:00.
        let day = When::Date(Date::constant(2026, 4, 24));
        assert_eq!(day.instant(&zone("Africa/Cairo")).unwrap().to_string(), "2026-04-23T22:00:00Z");
    }

    #[test]
    fn lengths() {
        for (text, days, seconds) in [
            ("P1W", 7, 0),
            ("P1D", 1, 0),
            ("PT1H30M", 0, 5400),
            ("P15DT5H0M20S", 15, 18_020),
            ("-PT15M", 0, -900),
            ("+P2D", 2, 0),
        ] {
            assert_eq!(length(text), Some(Length { days, seconds }), "{text}");
        }
        for text in ["", "P", "PT", "1D", "P1H", "PT1D", "P99999999999D", "PD", "P1", "P-1D"] {
            assert_eq!(length(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_of_length_is_a_calendar_day() {
        let berlin = zone("Europe/Berlin");
        let start = DateTime::constant(2026, 3, 28, 12, 0, 0, 0);
        assert_eq!(after(start, &berlin, Length { days: 1, seconds: 0 }).unwrap().to_string(), "2026-03-29T10:00:00Z");
        assert_eq!(
            after(start, &berlin, Length { days: 0, seconds: 86_400 }).unwrap().to_string(),
            "2026-03-29T11:00:00Z"
        );
    }

    #[test]
    fn forms_of_exporters() {
        assert_eq!(when("2026-01-02", None), Some(When::Date(Date::constant(2026, 1, 2))));
        assert_eq!(when("20260102T0930", None).unwrap().civil().to_string(), "2026-01-02T09:30:00");
        assert_eq!(when("20260102T240000", None).unwrap().civil().to_string(), "2026-01-03T00:00:00");
        for text in ["", "T", "20260230", "20260102T250000", "99999999T000000Z", "2026010٢"] {
            assert_eq!(when(text, None), None, "{text}");
        }
        assert!(matches!(period("20260101T000000Z/PT1H", None), Some((_, End::After(_)))));
        assert!(matches!(period("20260101T000000Z/20260101T010000Z", None), Some((_, End::At(_)))));
    }
}
