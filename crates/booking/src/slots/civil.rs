//! From civil time to instants and back, with one look at the zone per edge and none per slot.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::model::{MINUTE, Span};

const DAY: i64 = kernel::Timestamp::DAY;

fn micros(offset: Offset, at: DateTime) -> i64 {
    match offset.to_timestamp(at) {
        Ok(instant) => instant.as_microsecond(),
        // Outside the years jiff knows; the question's bounds keep such dates away.
        Err(_) if at.year() < 0 => Timestamp::MIN.as_microsecond(),
        Err(_) => Timestamp::MAX.as_microsecond(),
    }
}

/// Rule R5: a window's edge in a gap is the transition, in a fold the first occurrence.
pub(crate) fn edge(zone: &TimeZone, at: DateTime) -> i64 {
    match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => micros(offset, at),
        AmbiguousOffset::Fold { before, .. } => micros(before, at),
        AmbiguousOffset::Gap { after, before } => {
            // Read with the later offset the edge lies before the transition that skipped it.
            let earlier = Timestamp::from_microsecond(micros(after, at)).unwrap_or(Timestamp::MIN);
            zone.following(earlier)
                .next()
                .map_or_else(|| micros(before, at), |transition| transition.timestamp().as_microsecond())
        }
    }
}

/// Rule R6: a calendar's time in a gap is read with the offset before the gap, in a fold as the first occurrence.
pub(crate) fn event_time(zone: &TimeZone, at: DateTime) -> i64 {
    match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => micros(offset, at),
        AmbiguousOffset::Fold { before, .. } | AmbiguousOffset::Gap { before, .. } => micros(before, at),
    }
}

/// The civil moment `minutes` after midnight of a date; 1440 and more reach into the next one.
pub(crate) fn civil(date: Date, minutes: u16) -> DateTime {
    let (date, minutes) =
        if minutes >= 1440 { (date.tomorrow().unwrap_or(date), minutes - 1440) } else { (date, minutes) };
    date.at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0)
}

/// A zone's offsets over a range, so that the local date of any instant in it costs a comparison.
pub(crate) struct Offsets(Vec<(i64, i64)>);

impl Offsets {
    /// Of `zone` over the range.
    pub(crate) fn over(zone: &TimeZone, (from, to): Span) -> Self {
        let begin = Timestamp::from_microsecond(from).unwrap_or(Timestamp::MIN);
        let mut spans = vec![(i64::MIN, i64::from(zone.to_offset(begin).seconds()) * kernel::Timestamp::SECOND)];
        for transition in zone.following(begin) {
            let at = transition.timestamp().as_microsecond();
            if at > to {
                break;
            }
            spans.push((at, i64::from(transition.offset().seconds()) * kernel::Timestamp::SECOND));
        }
        Self(spans)
    }

    fn local(&self, at: i64) -> i64 {
        let next = self.0.partition_point(|span| span.0 <= at);
        at + self.0.get(next.saturating_sub(1)).map_or(0, |span| span.1)
    }

    /// The local date of an instant, as days since 1970-01-01.
    pub(crate) fn day(&self, at: i64) -> i64 {
        self.local(at).div_euclid(DAY)
    }

    /// The first instant, not before `at`, at which the local clock shows a multiple of `minutes`.
    pub(crate) fn align(&self, at: i64, minutes: i64) -> i64 {
        let unit = minutes * MINUTE;
        let mut at = at;
        // Each round passes one transition; there are few within a day.
        for _ in 0..8 {
            let clock = self.local(at).rem_euclid(DAY);
            let rest = clock.rem_euclid(unit);
            let target = at + if rest == 0 { 0 } else { (unit - rest).min(DAY - clock) };
            let next = self.0.partition_point(|span| span.0 <= at);
            match self.0.get(next) {
                Some(transition) if transition.0 <= target => at = transition.0,
                _ => return target,
            }
        }
        at
    }
}

/// The week, from Monday, that a day since 1970-01-01 (a Thursday) belongs to.
pub(crate) const fn week(day: i64) -> i64 {
    (day + 3).div_euclid(7)
}

/// A date as days since 1970-01-01.
pub(crate) fn day_number(date: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    i64::from(date.duration_since(epoch).as_hours() as i32) / 24
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn edges_in_gaps_and_folds() {
        let berlin = zone("Europe/Berlin");
        assert_eq!(edge(&berlin, date(2026, 3, 29).at(2, 30, 0, 0)), at("2026-03-29T01:00:00Z"));
        assert_eq!(event_time(&berlin, date(2026, 3, 29).at(2, 30, 0, 0)), at("2026-03-29T01:30:00Z"));
        assert_eq!(edge(&berlin, date(2026, 10, 25).at(2, 30, 0, 0)), at("2026-10-25T00:30:00Z"));
        let beirut = zone("Asia/Beirut");
        assert_eq!(edge(&beirut, date(2026, 3, 29).at(0, 0, 0, 0)), at("2026-03-28T22:00:00Z"));
    }

    #[test]
    fn aligning_looks_at_the_local_clock_on_both_sides_of_a_transition() {
        let howe = zone("Australia/Lord_Howe");
        let range = (at("2026-10-01T00:00:00Z"), at("2026-10-10T00:00:00Z"));
        let offsets = Offsets::over(&howe, range);
        // 01:50 local; at 02:00 the clock goes to 02:30, so the next full hour is 03:00, 40 minutes on.
        let start = edge(&howe, date(2026, 10, 4).at(1, 50, 0, 0));
        assert_eq!(offsets.align(start, 60), start + 40 * MINUTE);
        assert_eq!(offsets.align(start, 10), start);
        let kathmandu = zone("Asia/Kathmandu");
        let offsets = Offsets::over(&kathmandu, range);
        assert_eq!(offsets.align(at("2026-10-02T00:20:00Z"), 30), at("2026-10-02T00:45:00Z"));
    }

    #[test]
    fn a_day_is_a_local_one() {
        let riyadh = zone("Asia/Riyadh");
        let offsets = Offsets::over(&riyadh, (at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z")));
        assert_eq!(offsets.day(at("2026-01-10T21:00:00Z")), day_number(date(2026, 1, 11)));
        assert_eq!(week(day_number(date(2026, 1, 11))) + 1, week(day_number(date(2026, 1, 12))));
    }
}
