//! RRULE (RFC 5545 section 3.3.10), read leniently: what no program means is left out, what cannot be
//! understood makes the rule unreadable rather than wrong.

use jiff::civil::Weekday;

use super::when::{self, When};

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Frequency {
    /// Every year.
    Yearly,
    /// Every month.
    Monthly,
    /// Every week.
    Weekly,
    /// Every day.
    Daily,
    /// Every hour of the local clock.
    Hourly,
    /// Every minute.
    Minutely,
    /// Every second.
    Secondly,
}

/// A weekday, perhaps only the n-th (or n-th last) of its month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The ordinal; `None` for every one.
    pub ordinal: Option<i16>,
    /// Which day.
    pub weekday: Weekday,
}

/// A rule of recurrence. The lists are sorted and hold each value once.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// FREQ.
    pub frequency: Frequency,
    /// INTERVAL, at least 1.
    pub interval: u32,
    /// COUNT.
    pub count: Option<u32>,
    /// UNTIL.
    pub until: Option<When>,
    /// WKST.
    pub week_start: Weekday,
    /// BYSECOND.
    pub seconds: Vec<i8>,
    /// BYMINUTE.
    pub minutes: Vec<i8>,
    /// BYHOUR.
    pub hours: Vec<i8>,
    /// BYDAY.
    pub days: Vec<Day>,
    /// BYMONTHDAY.
    pub month_days: Vec<i16>,
    /// BYYEARDAY.
    pub year_days: Vec<i16>,
    /// BYWEEKNO.
    pub weeks: Vec<i16>,
    /// BYMONTH.
    pub months: Vec<i8>,
    /// BYSETPOS.
    pub positions: Vec<i16>,
}

/// Values of one list that are looked at.
const MOST: usize = 400;

fn numbers<T: TryFrom<i64> + Ord>(text: &str, allowed: std::ops::RangeInclusive<i64>, zero: bool) -> Option<Vec<T>> {
    let mut out = Vec::new();
    for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()).take(MOST) {
        let number: i64 = item.trim_start_matches('+').parse().ok()?;
        if !allowed.contains(&number) || (number == 0 && !zero) {
            return None;
        }
        out.push(T::try_from(number).ok()?);
    }
    out.sort_unstable();
    out.dedup();
    (!out.is_empty()).then_some(out)
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    })
}

fn days(text: &str) -> Option<Vec<Day>> {
    let mut out = Vec::new();
    for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()).take(MOST) {
        let cut = item.len().checked_sub(2)?;
        let ordinal = match item.get(..cut)? {
            "" => None,
            number => Some(number.trim_start_matches('+').parse().ok().filter(|n: &i16| *n != 0 && n.abs() <= 366)?),
        };
        let day = Day { ordinal, weekday: weekday(item.get(cut..)?)? };
        if !out.contains(&day) {
            out.push(day);
        }
    }
    (!out.is_empty()).then_some(out)
}

impl Rule {
    /// Every time of a frequency, without end.
    pub fn every(frequency: Frequency) -> Self {
        Self {
            frequency,
            interval: 1,
            count: None,
            until: None,
            week_start: Weekday::Monday,
            seconds: Vec::new(),
            minutes: Vec::new(),
            hours: Vec::new(),
            days: Vec::new(),
            month_days: Vec::new(),
            year_days: Vec::new(),
            weeks: Vec::new(),
            months: Vec::new(),
            positions: Vec::new(),
        }
    }

    /// Reads a rule; `None` when it cannot be understood (another calendar's scale, unknown values).
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let parts: Vec<(&str, &str)> = text
            .split(';')
            .filter(|part| !part.trim().is_empty())
            .map(|part| part.split_once('='))
            .collect::<Option<_>>()?;
        let frequency = parts.iter().find(|(key, _)| key.trim() == "FREQ").map(|(_, value)| value.trim())?;
        let mut rule = Self::every(match frequency {
            "YEARLY" => Frequency::Yearly,
            "MONTHLY" => Frequency::Monthly,
            "WEEKLY" => Frequency::Weekly,
            "DAILY" => Frequency::Daily,
            "HOURLY" => Frequency::Hourly,
            "MINUTELY" => Frequency::Minutely,
            "SECONDLY" => Frequency::Secondly,
            _ => return None,
        });
        for (key, value) in parts {
            let value = value.trim();
            match key.trim() {
                "INTERVAL" => rule.interval = value.parse::<u32>().ok()?.clamp(1, 1_000_000_000),
                "COUNT" => rule.count = Some(value.parse().ok()?),
                "UNTIL" => rule.until = Some(when::when(value, None)?),
                "WKST" => rule.week_start = weekday(value)?,
                // 60 is the leap second, which our clock does not know.
                "BYSECOND" => {
                    rule.seconds =
                        numbers::<i8>(value, 0..=60, true)?.into_iter().map(|second| second.min(59)).collect();
                    rule.seconds.dedup();
                }
                "BYMINUTE" => rule.minutes = numbers(value, 0..=59, true)?,
                "BYHOUR" => rule.hours = numbers(value, 0..=23, true)?,
                "BYDAY" => rule.days = days(value)?,
                "BYMONTHDAY" => rule.month_days = numbers(value, -31..=31, false)?,
                "BYYEARDAY" => rule.year_days = numbers(value, -366..=366, false)?,
                "BYWEEKNO" => rule.weeks = numbers(value, -53..=53, false)?,
                "BYMONTH" => rule.months = numbers(value, 1..=12, false)?,
                "BYSETPOS" => rule.positions = numbers(value, -366..=366, false)?,
                // RFC 7529: other calendars than the Gregorian are not expanded.
                "RSCALE" if value != "GREGORIAN" => return None,
                _ => {}
            }
        }
        Some(rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read() {
        let rule = Rule::read("FREQ=MONTHLY;BYDAY=-1FR,2MO,MO;INTERVAL=2;COUNT=3;WKST=SU;BYHOUR=9,9,8;X-Y=1").unwrap();
        assert_eq!((rule.frequency, rule.interval, rule.count), (Frequency::Monthly, 2, Some(3)));
        assert_eq!(rule.days[0], Day { ordinal: Some(-1), weekday: Weekday::Friday });
        assert_eq!(rule.hours, [8, 9]);
        assert_eq!(rule.week_start, Weekday::Sunday);
        assert_eq!(Rule::read("freq=daily;interval=0").unwrap().interval, 1);
    }

    #[test]
    fn what_nobody_can_mean_is_refused() {
        for text in [
            "",
            "FREQ",
            "INTERVAL=2",
            "FREQ=FORTNIGHTLY",
            "FREQ=DAILY;BYDAY=XX",
            "FREQ=DAILY;BYDAY=0MO",
            "FREQ=DAILY;BYMONTH=13",
            "FREQ=DAILY;BYMONTHDAY=0",
            "FREQ=DAILY;BYMONTH=",
            "FREQ=DAILY;COUNT=-1",
            "FREQ=DAILY;UNTIL=soon",
            "FREQ=YEARLY;RSCALE=HEBREW",
            "FREQ=DAILY;BYDAY=é",
        ] {
            assert_eq!(Rule::read(text), None, "{text}");
        }
    }
}
