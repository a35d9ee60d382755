//! Times as people read them: in a zone that is named, with the hours that are usual there, and with the part of
//! the day, so that two in the night is never taken for two in the afternoon.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use kernel::Timestamp;

use super::customs::Cycle;
use super::hijri;
use super::words::{Language, Words};

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// 0 to 6.
    Night,
    /// 6 to 12.
    Morning,
    /// 12 to 18.
    Afternoon,
    /// 18 to 24.
    Evening,
}

impl Part {
    /// The part to which an hour belongs.
    pub const fn of(hour: i8) -> Self {
        match hour {
            ..6 => Self::Night,
            6..12 => Self::Morning,
            12..18 => Self::Afternoon,
            _ => Self::Evening,
        }
    }

    /// In words.
    pub fn name(self, words: Words) -> &'static str {
        words.get(match self {
            Self::Night => "part.night",
            Self::Morning => "part.morning",
            Self::Afternoon => "part.afternoon",
            Self::Evening => "part.evening",
        })
    }
}

/// A zone as a visitor reads times in it.
#[derive(Debug, Clone)]
pub struct Clock {
    /// The language.
    pub words: Words,
    /// The zone.
    pub zone: TimeZone,
    /// The zone's name in the IANA database.
    pub name: String,
    /// How hours are counted.
    pub cycle: Cycle,
}

impl Clock {
    /// A clock; `None` when there is no such zone.
    pub fn new(words: Words, name: &str, cycle: Cycle) -> Option<Self> {
        let zone = (name.len() <= 64).then(|| TimeZone::get(name).ok()).flatten()?;
        Some(Self { words, zone, name: name.to_owned(), cycle })
    }

    /// The local date and time.
    pub fn local(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at.to_jiff())
    }

    /// The local date.
    pub fn date(&self, at: Timestamp) -> Date {
        self.local(at).date()
    }

    /// The first instant of a local date.
    pub fn midnight(&self, date: Date) -> Timestamp {
        match self.zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible() {
            Ok(at) => Timestamp::from(at),
            Err(_) => Timestamp(0),
        }
    }

    /// The time of day, such as `2:30 pm` or `14:30`. A time that the clock shows twice, because it is put back,
    /// says its offset.
    pub fn time(&self, at: Timestamp) -> String {
        let local = self.local(at);
        let mut out = match self.cycle {
            Cycle::TwentyFour => format!("{:02}:{:02}", local.hour(), local.minute()),
            Cycle::Twelve => {
                let hour = if local.hour() % 12 == 0 { 12 } else { local.hour() % 12 };
                format!("{hour}:{:02}\u{a0}{}", local.minute(), self.suffix(local.hour()))
            }
        };
        if matches!(self.zone.to_ambiguous_timestamp(local).offset(), AmbiguousOffset::Fold { .. }) {
            out.push_str("\u{a0}\u{2066}");
            out.push_str(&offset(self.zone.to_offset(at.to_jiff())));
            out.push('\u{2069}');
        }
        out
    }

    fn suffix(&self, hour: i8) -> &'static str {
        self.words.get(match hour {
            0..3 => "clock.midnight",
            3..6 => "clock.dawn",
            6..12 => "clock.morning",
            12 => "clock.noon",
            13..18 => "clock.afternoon",
            _ => "clock.evening",
        })
    }

    /// The part of the day.
    pub fn part(&self, at: Timestamp) -> Part {
        Part::of(self.local(at).hour())
    }

    /// A date with its day of the week.
    pub fn day(&self, date: Date) -> String {
        self.words
            .line("when.day", &[("weekday", weekday(self.words, date.weekday())), ("date", &self.words.date(date))])
    }

    /// The date in the Hijri calendar, where it is known.
    pub fn hijri(&self, date: Date) -> Option<String> {
        let (year, month, day) = hijri::of(date)?;
        let name = hijri_month(self.words, month);
        Some(self.words.line("when.hijri", &[("day", &day.to_string()), ("month", name), ("year", &year.to_string())]))
    }

    /// From when to when, with the day; an end on another date says so.
    pub fn span(&self, from: Timestamp, to: Timestamp) -> String {
        let (start, end) = (self.local(from), self.local(to));
        let mut start_text = self.time(from);
        // Arabic names the part of the day in the time itself when it counts to twelve.
        if self.words.0 == Language::English || self.cycle == Cycle::TwentyFour {
            start_text = self.words.line(
                "when.part",
                &[("time", &start_text), ("part", &self.part(from).name(self.words).to_lowercase())],
            );
        }
        let mut end_text = self.time(to);
        if end.date() != start.date() {
            end_text = self.words.line("when.at", &[("day", &self.day(end.date())), ("time", &end_text)]);
        }
        let day = self.day(start.date());
        self.words.line("when.span", &[("day", &day), ("from", &start_text), ("to", &end_text)])
    }

    /// The zone's place and its distance from UTC at an instant.
    pub fn place(&self, at: Timestamp) -> String {
        let offset = format!("\u{2066}{}\u{2069}", offset(self.zone.to_offset(at.to_jiff())));
        self.words.line("zone.at", &[("place", &place(self.words, &self.name)), ("offset", &offset)])
    }
}

/// The name of a day of the week.
pub fn weekday(words: Words, day: Weekday) -> &'static str {
    words.get(match day {
        Weekday::Monday => "weekday.1",
        Weekday::Tuesday => "weekday.2",
        Weekday::Wednesday => "weekday.3",
        Weekday::Thursday => "weekday.4",
        Weekday::Friday => "weekday.5",
        Weekday::Saturday => "weekday.6",
        Weekday::Sunday => "weekday.7",
    })
}

/// The same in the head of a calendar.
pub fn short_weekday(words: Words, day: Weekday) -> &'static str {
    words.get(match day {
        Weekday::Monday => "weekday.short.1",
        Weekday::Tuesday => "weekday.short.2",
        Weekday::Wednesday => "weekday.short.3",
        Weekday::Thursday => "weekday.short.4",
        Weekday::Friday => "weekday.short.5",
        Weekday::Saturday => "weekday.short.6",
        Weekday::Sunday => "weekday.short.7",
    })
}

fn hijri_month(words: Words, month: u8) -> &'static str {
    words.get(match month {
        1 => "hijri.1",
        2 => "hijri.2",
        3 => "hijri.3",
        4 => "hijri.4",
        5 => "hijri.5",
        6 => "hijri.6",
        7 => "hijri.7",
        8 => "hijri.8",
        9 => "hijri.9",
        10 => "hijri.10",
        11 => "hijri.11",
        _ => "hijri.12",
    })
}

/// The distance from UTC, such as `UTC+3` or `UTC−4:30`.
pub fn offset(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '\u{2212}' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// The place after which a zone is named.
pub fn place(words: Words, zone: &str) -> String {
    words.place(zone).map_or_else(|| zone.rsplit('/').next().unwrap_or(zone).replace('_', " "), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(language: Language, zone: &str, cycle: Cycle) -> Clock {
        Clock::new(Words(language), zone, cycle).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn two_in_the_night_is_not_two_in_the_afternoon() {
        let english = clock(Language::English, "Asia/Riyadh", Cycle::Twelve);
        let (night, day) = (at("2026-12-01T23:00:00Z"), at("2026-12-01T11:00:00Z"));
        assert_eq!((english.time(night).as_str(), english.time(day).as_str()), ("2:00\u{a0}am", "2:00\u{a0}pm"));
        assert!(english.span(night, night.plus_seconds(1800)).contains("night"));
        assert!(english.span(day, day.plus_seconds(1800)).contains("afternoon"));
        let arabic = clock(Language::Arabic, "Asia/Riyadh", Cycle::Twelve);
        assert_ne!(arabic.time(night), arabic.time(day));
        assert!(arabic.time(day).contains("الظهر"), "{}", arabic.time(day));
        let long = clock(Language::Arabic, "Asia/Riyadh", Cycle::TwentyFour);
        assert_eq!((long.time(night).as_str(), long.time(day).as_str()), ("02:00", "14:00"));
    }

    #[test]
    fn an_hour_that_comes_twice_says_which() {
        let clock = clock(Language::English, "America/New_York", Cycle::Twelve);
        let (first, second) = (at("2026-11-01T05:30:00Z"), at("2026-11-01T06:30:00Z"));
        assert!(clock.time(first).contains("UTC−4") && clock.time(second).contains("UTC−5"));
        assert_eq!(clock.time(at("2026-11-01T07:30:00Z")), "2:30\u{a0}am");
        assert_eq!(clock.midnight(jiff::civil::date(2026, 11, 1)), at("2026-11-01T04:00:00Z"));
        let cairo = self::clock(Language::English, "Africa/Cairo", Cycle::Twelve);
        // Clocks go forward at midnight: the day begins at one.
        assert_eq!(cairo.midnight(jiff::civil::date(2026, 4, 24)), at("2026-04-23T22:00:00Z"));
    }

    #[test]
    fn an_end_on_another_day_says_so() {
        let clock = clock(Language::English, "Asia/Kolkata", Cycle::TwentyFour);
        let text = clock.span(at("2026-12-01T18:00:00Z"), at("2026-12-01T19:00:00Z"));
        assert!(text.contains("Tuesday") && text.contains("Wednesday"), "{text}");
        assert!(clock.place(at("2026-12-01T18:00:00Z")).contains("UTC+5:30"));
    }

    #[test]
    fn zones_that_do_not_exist_are_refused() {
        for name in ["", "Mars/Olympus", "../../etc/passwd", &"x".repeat(100), "<script>"] {
            assert!(Clock::new(Words(Language::English), name, Cycle::Twelve).is_none(), "{name}");
        }
    }
}
