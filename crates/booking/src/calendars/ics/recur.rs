//! From a rule to civil times. Everything here is on the local clock; instants come later.
//!
//! A rule is walked period by period (year, month, week, day, hour, …): the days of a period that pass every
//! BY filter, times the times of day, cut by BYSETPOS. Without COUNT the walk begins near the range, so that
//! a meeting that began thirty years ago costs no more than a new one. Work is counted, and ends.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, Span, ToSpan, Unit};

use super::rule::{Frequency, Rule};

/// How much work is left: candidates that may still be looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget(pub(super) u64);

impl Budget {
    fn spend(&mut self, cost: u64) -> bool {
        let enough = self.0 >= cost;
        self.0 = self.0.saturating_sub(cost);
        enough
    }
}

/// What a walk found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Walk {
    /// Civil times, ascending.
    pub(super) times: Vec<DateTime>,
    /// From here on nothing is known, because the work or the number of times ran out.
    pub(super) unknown_from: Option<DateTime>,
}

/// Where a walk goes.
pub(super) struct Path {
    /// DTSTART on the local clock.
    pub(super) start: DateTime,
    /// The first civil time of interest.
    pub(super) from: DateTime,
    /// The last one.
    pub(super) to: DateTime,
    /// The last time that UNTIL lets happen, on the local clock.
    pub(super) until: Option<DateTime>,
    /// The most times that are returned.
    pub(super) most: usize,
}

struct Walker<'r> {
    rule: &'r Rule,
    start: DateTime,
    hours: Vec<i8>,
    minutes: Vec<i8>,
    seconds: Vec<i8>,
    months: Vec<i8>,
    month_days: Vec<i16>,
    weekdays: Vec<Weekday>,
    times: Vec<Time>,
}

fn or<T: Clone>(list: &[T], default: T) -> Vec<T> {
    if list.is_empty() { vec![default] } else { list.to_vec() }
}

/// The number of a date's week and how many weeks its week-year has.
fn week_of(date: Date, week_start: Weekday) -> Option<(i16, i16)> {
    let back = i64::from(date.weekday().since(week_start));
    let monday = date.checked_sub(back.days()).ok()?;
    // The week belongs to the year that has its fourth day.
    let year = monday.checked_add(3.days()).ok()?.year();
    let first = first_week(year, week_start)?;
    let next = first_week(year.checked_add(1)?, week_start)?;
    let weeks = |from: Date, to: Date| Some((from.until((Unit::Day, to)).ok()?.get_days() / 7) as i16);
    Some((weeks(first, monday)? + 1, weeks(first, next)?))
}

fn first_week(year: i16, week_start: Weekday) -> Option<Date> {
    let fourth = Date::new(year, 1, 4).ok()?;
    fourth.checked_sub(i64::from(fourth.weekday().since(week_start)).days()).ok()
}

/// Whether the n-th value of a span of `length` is named, from the front or from the back.
fn named(list: &[i16], number: i16, length: i16) -> bool {
    list.binary_search(&number).is_ok() || list.binary_search(&(number - length - 1)).is_ok()
}

impl<'r> Walker<'r> {
    fn new(rule: &'r Rule, start: DateTime) -> Self {
        let date = start.date();
        let unsaid =
            rule.weeks.is_empty() && rule.year_days.is_empty() && rule.month_days.is_empty() && rule.days.is_empty();
        let mut months = rule.months.clone();
        let mut month_days = rule.month_days.clone();
        let mut weekdays = Vec::new();
        match rule.frequency {
            Frequency::Yearly if unsaid => {
                if months.is_empty() {
                    months.push(date.month());
                }
                month_days.push(i16::from(date.day()));
            }
            // What the rule does not say is taken from DTSTART: of a week, its weekday.
            Frequency::Yearly
                if !rule.weeks.is_empty()
                    && rule.days.is_empty()
                    && rule.month_days.is_empty()
                    && rule.year_days.is_empty() =>
            {
                weekdays.push(date.weekday());
            }
            Frequency::Monthly if unsaid => month_days.push(i16::from(date.day())),
            Frequency::Weekly if unsaid => weekdays.push(date.weekday()),
            _ => {}
        }
        let mut out = Self {
            rule,
            start,
            hours: or(&rule.hours, start.hour()),
            minutes: or(&rule.minutes, start.minute()),
            seconds: or(&rule.seconds, start.second()),
            months,
            month_days,
            weekdays,
            times: Vec::new(),
        };
        if rule.frequency <= Frequency::Daily {
            out.times = out.times_of(&out.hours, &out.minutes);
        }
        out
    }

    fn times_of(&self, hours: &[i8], minutes: &[i8]) -> Vec<Time> {
        let mut out = Vec::with_capacity(hours.len() * minutes.len() * self.seconds.len());
        for hour in hours {
            for minute in minutes {
                out.extend(self.seconds.iter().filter_map(|second| Time::new(*hour, *minute, *second, 0).ok()));
            }
        }
        out
    }

    /// Whether a date passes every filter of the rule.
    fn admits(&self, date: Date) -> bool {
        let rule = self.rule;
        if !self.months.is_empty() && self.months.binary_search(&date.month()).is_err() {
            return false;
        }
        if !self.month_days.is_empty()
            && !named(&self.month_days, i16::from(date.day()), i16::from(date.days_in_month()))
        {
            return false;
        }
        if !rule.year_days.is_empty() && !named(&rule.year_days, date.day_of_year(), date.days_in_year()) {
            return false;
        }
        if !rule.weeks.is_empty() {
            let Some((number, count)) = week_of(date, rule.week_start) else { return false };
            if !named(&rule.weeks, number, count) {
                return false;
            }
        }
        if !self.weekdays.is_empty() && !self.weekdays.contains(&date.weekday()) {
            return false;
        }
        rule.days.is_empty() || rule.days.iter().any(|day| day.weekday == date.weekday() && self.nth(day.ordinal, date))
    }

    /// Whether a date is the n-th of its weekday in its month or year; other frequencies know no ordinals.
    fn nth(&self, ordinal: Option<i16>, date: Date) -> bool {
        let Some(ordinal) = ordinal else { return true };
        let (number, length) = match self.rule.frequency {
            Frequency::Monthly => (i16::from(date.day()), i16::from(date.days_in_month())),
            Frequency::Yearly if !self.rule.months.is_empty() => {
                (i16::from(date.day()), i16::from(date.days_in_month()))
            }
            Frequency::Yearly => (date.day_of_year(), date.days_in_year()),
            _ => return true,
        };
        if ordinal > 0 { (number - 1) / 7 + 1 == ordinal } else { (length - number) / 7 + 1 == -ordinal }
    }

    /// The first day of the period that holds DTSTART, moved on by `count` intervals; `None` past the end of
    /// time.
    fn period(&self, count: i64) -> Option<DateTime> {
        let steps = count.checked_mul(i64::from(self.rule.interval))?;
        let date = self.start.date();
        let midnight = Time::midnight();
        match self.rule.frequency {
            Frequency::Yearly => {
                let year = i16::try_from(i64::from(date.year()).checked_add(steps)?).ok()?;
                Some(Date::new(year, 1, 1).ok()?.to_datetime(midnight))
            }
            Frequency::Monthly => {
                let months = i64::from(date.year()) * 12 + i64::from(date.month() - 1);
                let months = months.checked_add(steps)?;
                let year = i16::try_from(months.div_euclid(12)).ok()?;
                Some(Date::new(year, months.rem_euclid(12) as i8 + 1, 1).ok()?.to_datetime(midnight))
            }
            Frequency::Weekly => {
                let back = i64::from(date.weekday().since(self.rule.week_start));
                let span = Span::new().try_days(steps.checked_mul(7)?.checked_sub(back)?).ok()?;
                Some(date.checked_add(span).ok()?.to_datetime(midnight))
            }
            Frequency::Daily => Some(date.checked_add(Span::new().try_days(steps).ok()?).ok()?.to_datetime(midnight)),
            Frequency::Hourly => {
                let hour = self.start.time().with().minute(0).second(0).build().ok()?;
                date.to_datetime(hour).checked_add(SignedDuration::from_secs(steps.checked_mul(3600)?)).ok()
            }
            Frequency::Minutely => {
                let minute = self.start.time().with().second(0).build().ok()?;
                date.to_datetime(minute).checked_add(SignedDuration::from_secs(steps.checked_mul(60)?)).ok()
            }
            Frequency::Secondly => self.start.checked_add(SignedDuration::from_secs(steps)).ok(),
        }
    }

    /// Seconds from one period's start to the next one's, at most; for guessing how many to leave out.
    fn stride(&self) -> i64 {
        let one = match self.rule.frequency {
            Frequency::Yearly => 366 * 86_400,
            Frequency::Monthly => 31 * 86_400,
            Frequency::Weekly => 7 * 86_400,
            Frequency::Daily => 86_400,
            Frequency::Hourly => 3600,
            Frequency::Minutely => 60,
            Frequency::Secondly => 1,
        };
        one * i64::from(self.rule.interval)
    }

    /// How many periods surely end before `from`.
    fn before(&self, from: DateTime) -> i64 {
        let seconds = self.start.duration_until(from).as_secs();
        (seconds / self.stride() - 2).max(0)
    }

    /// The dates of a period that pass, at a cost.
    fn dates(&self, first: Date, budget: &mut Budget) -> Option<Vec<Date>> {
        let length: i32 = match self.rule.frequency {
            Frequency::Yearly => i32::from(first.days_in_year()),
            Frequency::Monthly => i32::from(first.days_in_month()),
            Frequency::Weekly => 7,
            _ => 1,
        };
        let weight = 1 + (self.rule.days.len() / 8) as u64;
        if !budget.spend(length as u64 * weight) {
            return None;
        }
        let mut out = Vec::new();
        let mut date = first;
        for _ in 0..length {
            if self.admits(date) {
                out.push(date);
            }
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        Some(out)
    }

    /// The civil times of a period, ascending; `None` when the work ran out.
    fn times_in(&self, first: DateTime, budget: &mut Budget) -> Option<Vec<DateTime>> {
        let dates = self.dates(first.date(), budget)?;
        let within = |list: &[i8], value: i8| list.is_empty() || list.binary_search(&value).is_ok();
        let rule = self.rule;
        let small: Vec<Time>;
        let times = match rule.frequency {
            Frequency::Hourly if within(&rule.hours, first.hour()) => {
                small = self.times_of(&[first.hour()], &self.minutes);
                &small
            }
            Frequency::Minutely if within(&rule.hours, first.hour()) && within(&rule.minutes, first.minute()) => {
                small = self.times_of(&[first.hour()], &[first.minute()]);
                &small
            }
            Frequency::Secondly
                if within(&rule.hours, first.hour())
                    && within(&rule.minutes, first.minute())
                    && within(&rule.seconds, first.second()) =>
            {
                small = vec![first.time()];
                &small
            }
            Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => return Some(Vec::new()),
            _ => &self.times,
        };
        if !budget.spend(dates.len() as u64 * times.len() as u64) {
            return None;
        }
        let all = dates.iter().flat_map(|date| times.iter().map(|time| date.to_datetime(*time)));
        if rule.positions.is_empty() {
            return Some(all.collect());
        }
        let all: Vec<DateTime> = all.collect();
        let mut picked: Vec<DateTime> = rule
            .positions
            .iter()
            .filter_map(|position| {
                let place = usize::from(position.unsigned_abs());
                let index = if *position > 0 { place - 1 } else { all.len().checked_sub(place)? };
                all.get(index).copied()
            })
            .collect();
        picked.sort_unstable();
        picked.dedup();
        Some(picked)
    }

    /// Periods shorter than a day, none of whose times can pass, up to the end of that day.
    fn skip(&self, first: DateTime) -> i64 {
        if self.rule.frequency <= Frequency::Daily || self.admits(first.date()) {
            return 1;
        }
        let Ok(next) = first.date().tomorrow() else { return 1 };
        let seconds = first.duration_until(next.to_datetime(Time::midnight())).as_secs();
        let stride = self.stride();
        ((seconds + stride - 1) / stride).max(1)
    }
}

/// The civil times of a rule between `from` and `to`. DTSTART is always the first time of a recurrence, also
/// when the rule does not name it (RFC 5545 section 3.8.5.3).
pub(super) fn walk(rule: &Rule, path: &Path, budget: &mut Budget) -> Walk {
    let walker = Walker::new(rule, path.start);
    let mut out = Walk::default();
    let mut left = rule.count.map_or(u64::MAX, u64::from);
    let last = path.until.map_or(path.to, |until| until.min(path.to));
    if left == 0 {
        return out;
    }
    left -= 1;
    if path.start >= path.from && path.start <= path.to {
        out.times.push(path.start);
    }
    let mut count = if rule.count.is_some() { 0 } else { walker.before(path.from) };
    loop {
        let Some(first) = walker.period(count) else { return out };
        if first > last {
            return out;
        }
        let Some(times) = walker.times_in(first, budget) else {
            out.unknown_from = Some(first.max(path.from));
            return out;
        };
        for time in times {
            if time <= path.start {
                continue;
            }
            if time > last || left == 0 {
                return out;
            }
            left -= 1;
            if time < path.from {
                continue;
            }
            if out.times.len() >= path.most {
                out.unknown_from = Some(time);
                return out;
            }
            out.times.push(time);
        }
        if left == 0 {
            return out;
        }
        count = count.saturating_add(walker.skip(first));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    fn all(rule: &str, start: &str, to: &str) -> Vec<String> {
        let rule = Rule::read(rule).unwrap();
        let until = rule.until.as_ref().map(super::super::when::When::civil);
        let path = Path { start: at(start), from: at(start), to: at(to), until, most: 1000 };
        let walk = walk(&rule, &path, &mut Budget(1_000_000));
        assert_eq!(walk.unknown_from, None);
        walk.times.iter().map(ToString::to_string).collect()
    }

    /// The examples of RFC 5545 section 3.8.5.3, by their dates.
    #[test]
    fn the_standards_examples() {
        let nine = |dates: &[&str]| dates.iter().map(|date| format!("{date}T09:00:00")).collect::<Vec<_>>();
        let start = "1997-09-02T09:00:00";
        for (rule, dates) in [
            ("FREQ=DAILY;COUNT=3", &["1997-09-02", "1997-09-03", "1997-09-04"][..]),
            ("FREQ=DAILY;INTERVAL=10;COUNT=3", &["1997-09-02", "1997-09-12", "1997-09-22"]),
            ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;COUNT=3", &["1997-09-02", "1997-09-16", "1997-09-30"]),
            ("FREQ=WEEKLY;COUNT=4;WKST=SU;BYDAY=TU,TH", &["1997-09-02", "1997-09-04", "1997-09-09", "1997-09-11"]),
            ("FREQ=MONTHLY;COUNT=3;BYMONTHDAY=2,15", &["1997-09-02", "1997-09-15", "1997-10-02"]),
            (
                "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU;COUNT=6",
                &["1997-09-02", "1997-09-09", "1997-09-16", "1997-09-23", "1997-09-30", "1997-11-04"],
            ),
            ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", &["1997-09-02", "1997-09-04", "1997-10-07"]),
            (
                "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=4",
                &["1997-09-02", "1997-09-29", "1997-10-30", "1997-11-27"],
            ),
        ] {
            assert_eq!(all(rule, start, "2000-01-01T00:00:00"), nine(dates), "{rule}");
        }
        assert_eq!(
            all("FREQ=YEARLY;INTERVAL=3;COUNT=4;BYYEARDAY=1,100,200", "1997-01-01T09:00:00", "2010-01-01T00:00:00"),
            nine(&["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01"])
        );
        assert_eq!(
            all("FREQ=YEARLY;BYDAY=20MO;COUNT=3", "1997-05-19T09:00:00", "2010-01-01T00:00:00"),
            nine(&["1997-05-19", "1998-05-18", "1999-05-17"])
        );
        assert_eq!(
            all("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", "1997-05-12T09:00:00", "2010-01-01T00:00:00"),
            nine(&["1997-05-12", "1998-05-11", "1999-05-17"])
        );
        assert_eq!(
            all("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=4", "1998-02-13T09:00:00", "2010-01-01T00:00:00"),
            nine(&["1998-02-13", "1998-03-13", "1998-11-13", "1999-08-13"])
        );
        assert_eq!(
            all(
                "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
                "1996-11-05T09:00:00",
                "2005-01-01T00:00:00"
            ),
            nine(&["1996-11-05", "2000-11-07", "2004-11-02"])
        );
        assert_eq!(
            all("FREQ=MONTHLY;BYMONTHDAY=-3;COUNT=3", "1997-09-28T09:00:00", "2005-01-01T00:00:00"),
            nine(&["1997-09-28", "1997-10-29", "1997-11-28"])
        );
        for (week_start, dates) in [
            ("MO", &["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]),
            ("SU", &["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]),
        ] {
            let rule = format!("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST={week_start}");
            assert_eq!(all(&rule, "1997-08-05T09:00:00", "2000-01-01T00:00:00"), nine(dates));
        }
        // 30 February does not happen, and costs nothing.
        assert_eq!(
            all("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15T09:00:00", "2010-01-01T00:00:00"),
            nine(&["2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"])
        );
    }

    #[test]
    fn small_frequencies() {
        assert_eq!(
            all("FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000", "1997-09-02T09:00:00", "1999-01-01T00:00:00"),
            ["1997-09-02T09:00:00", "1997-09-02T12:00:00", "1997-09-02T15:00:00"]
        );
        assert_eq!(
            all("FREQ=MINUTELY;INTERVAL=90;COUNT=3", "1997-09-02T09:00:00", "1999-01-01T00:00:00"),
            ["1997-09-02T09:00:00", "1997-09-02T10:30:00", "1997-09-02T12:00:00"]
        );
        let daily =
            all("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40;COUNT=7", "1997-09-02T09:00:00", "1999-01-01T00:00:00");
        assert_eq!(
            daily[3..],
            ["1997-09-02T10:00:00", "1997-09-02T10:20:00", "1997-09-02T10:40:00", "1997-09-03T09:00:00"]
        );
        let minutely = "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10;COUNT=7";
        assert_eq!(all(minutely, "1997-09-02T09:00:00", "1999-01-01T00:00:00"), daily);
        assert_eq!(
            all("FREQ=SECONDLY;INTERVAL=30;BYDAY=MO;COUNT=3", "1997-09-02T09:00:00", "1999-01-01T00:00:00"),
            ["1997-09-02T09:00:00", "1997-09-08T00:00:00", "1997-09-08T00:00:30"]
        );
    }

    #[test]
    fn a_rule_that_began_long_ago_is_walked_near_the_range() {
        for text in
            ["FREQ=SECONDLY;INTERVAL=3600", "FREQ=HOURLY", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"]
        {
            let rule = Rule::read(text).unwrap();
            let (from, to) = (at("2026-06-01T00:00:00"), at("2027-06-02T00:00:00"));
            let path = Path { start: at("1901-06-01T00:00:00"), from, to, until: None, most: 10_000 };
            let walk = walk(&rule, &path, &mut Budget(100_000));
            assert_eq!(walk.unknown_from, None, "{text}");
            assert!(walk.times.first().is_some_and(|first| *first >= from && walk.times.len() >= 2), "{text}");
        }
    }

    #[test]
    fn bombs_end() {
        for text in [
            "FREQ=SECONDLY",
            "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=SECONDLY;COUNT=4000000000",
            "FREQ=MINUTELY;BYSECOND=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14",
            "FREQ=YEARLY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYDAY=MO,TU,WE,TH,FR,SA,SU;COUNT=4000000000",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2",
            "FREQ=YEARLY;INTERVAL=1000000000;COUNT=4000000000",
        ] {
            let rule = Rule::read(text).unwrap();
            let path = Path {
                start: at("1901-01-01T00:00:00"),
                from: at("2026-01-01T00:00:00"),
                to: at("2027-01-01T00:00:00"),
                until: None,
                most: 5000,
            };
            let mut budget = Budget(200_000);
            let walk = walk(&rule, &path, &mut budget);
            assert!(walk.times.len() <= 5000, "{text}");
        }
    }
}
