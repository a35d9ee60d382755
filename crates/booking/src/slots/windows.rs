//! When a host is there: windows per date, and what they add up to.

use jiff::Timestamp;
use jiff::civil::Date;

use super::civil::{civil, edge};
use super::model::{Host, Reason, Span};

/// The hours of one host date (rule R7).
#[derive(Debug, Clone)]
pub(crate) struct Day {
    /// The host's date.
    pub(crate) date: Date,
    /// Sorted, merged where they touch.
    pub(crate) windows: Vec<Span>,
    /// Why the rest of the date is closed.
    pub(crate) closed: Reason,
}

/// Sorts and merges spans that overlap or touch; empty ones vanish.
pub(crate) fn merge(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|span| span.0 < span.1);
    spans.sort_unstable();
    let mut out: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match out.last_mut() {
            Some(last) if span.0 <= last.1 => last.1 = last.1.max(span.1),
            _ => out.push(span),
        }
    }
    out
}

/// What two sorted, merged lists have in common.
pub(crate) fn intersect(left: &[Span], right: &[Span]) -> Vec<Span> {
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < left.len() && j < right.len() {
        let from = left[i].0.max(right[j].0);
        let to = left[i].1.min(right[j].1);
        if from < to {
            out.push((from, to));
        }
        if left[i].1 < right[j].1 { i += 1 } else { j += 1 }
    }
    out
}

/// What is left of a span without the sorted, merged list.
pub(crate) fn without((from, to): Span, taken: &[Span]) -> Vec<Span> {
    let (first, mut from, mut out) = (taken.partition_point(|span| span.1 <= from), from, Vec::new());
    for span in taken.iter().skip(first) {
        if span.0 >= to {
            break;
        }
        if span.0 > from {
            out.push((from, span.0));
        }
        from = span.1;
    }
    if from < to {
        out.push((from, to));
    }
    out
}

/// The hours of a host on every date that a meeting starting within the range could need.
pub(crate) fn days(host: &Host, range: Span) -> Vec<Day> {
    let local = |at: i64| {
        let instant = Timestamp::from_microsecond(at).unwrap_or(Timestamp::MIN);
        host.zone.to_datetime(instant).date()
    };
    // A window reaches at most into the next date, so the day before the range matters; dates of the range's ends
    // are widened by one more for zones that skip a date.
    let first = local(range.0).yesterday().and_then(Date::yesterday).unwrap_or(Date::MIN);
    let last = local(range.1).tomorrow().unwrap_or(Date::MAX);
    let mut out = Vec::new();
    let mut date = first;
    loop {
        out.push(day(host, date));
        match date.tomorrow() {
            Ok(next) if next <= last => date = next,
            _ => return out,
        }
    }
}

fn day(host: &Host, date: Date) -> Day {
    let span = |start: u16, end: u16| {
        let end = if end <= start { end + 1440 } else { end };
        (edge(&host.zone, civil(date, start)), edge(&host.zone, civil(date, end)))
    };
    let mut replaced = host.overrides.iter().filter(|exception| exception.date == date).peekable();
    if replaced.peek().is_some() {
        let spans = replaced.flat_map(|exception| exception.intervals.iter().map(|&(start, end)| span(start, end)));
        return Day { date, windows: merge(spans.collect()), closed: Reason::Override };
    }
    if host.holidays.contains(&date) {
        return Day { date, windows: Vec::new(), closed: Reason::Holiday };
    }
    let weekday = date.weekday();
    let rules = host.rules.iter().filter(|rule| rule.days.contains(&weekday));
    let spans = rules.map(|rule| span(rule.start, rule.end)).collect();
    Day { date, windows: merge(spans), closed: Reason::OutsideHours }
}

/// All windows of all dates, merged: when the host is there at all.
pub(crate) fn together(days: &[Day]) -> Vec<Span> {
    merge(days.iter().flat_map(|day| day.windows.iter().copied()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_merge_intersect_and_subtract() {
        assert_eq!(merge(vec![(5, 7), (1, 3), (3, 4), (9, 9)]), [(1, 4), (5, 7)]);
        assert_eq!(intersect(&[(1, 4), (5, 9)], &[(2, 6), (8, 20)]), [(2, 4), (5, 6), (8, 9)]);
        assert_eq!(without((0, 10), &[(2, 3), (5, 12)]), [(0, 2), (3, 5)]);
        assert_eq!(without((4, 5), &[(2, 3)]), [(4, 5)]);
    }
}
