use std::time::Duration;

use kernel::Timestamp;

/// The feed is quiet when nothing was committed for so long.
const QUIET: Duration = Duration::from_secs(1);
/// However busy the feed is, the index is never left behind for longer.
const LONGEST: Duration = Duration::from_secs(30);

/// Commits that follow each other closely.
pub(super) struct Burst {
    first: Timestamp,
    last: Timestamp,
}

impl Burst {
    pub(super) fn begun(at: Timestamp) -> Self {
        Self { first: at, last: at }
    }

    /// Another commit. A clock that was set back begins the burst anew.
    pub(super) fn goes_on(&mut self, at: Timestamp) {
        self.first = self.first.min(at);
        self.last = at;
    }

    /// How long to wait for a further commit before what was committed is taken in; `None` when it is time.
    pub(super) fn wait(&self, now: Timestamp) -> Option<Duration> {
        let micros = |length: Duration| i64::try_from(length.as_micros()).unwrap_or(i64::MAX);
        let due = self.last.0.saturating_add(micros(QUIET)).min(self.first.0.saturating_add(micros(LONGEST)));
        let left = u64::try_from(due.saturating_sub(now.0)).ok().filter(|left| *left > 0)?;
        Some(Duration::from_micros(left).min(QUIET))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_commit_is_taken_in_once_it_is_quiet() {
        let start = Timestamp(1_000_000_000);
        let burst = Burst::begun(start);
        assert_eq!(burst.wait(start), Some(QUIET));
        assert_eq!(burst.wait(start.plus_seconds(1)), None);
    }

    #[test]
    fn every_further_commit_puts_it_off_until_it_has_waited_long_enough() {
        let start = Timestamp(1_000_000_000);
        let mut burst = Burst::begun(start);
        let half = |count: i64| Timestamp(start.0 + count * 500_000);
        for count in 1..60 {
            burst.goes_on(half(count));
            let expected = if count == 59 { Duration::from_millis(500) } else { QUIET };
            assert_eq!(burst.wait(half(count)), Some(expected), "after {count} commits");
        }
        burst.goes_on(half(60));
        assert_eq!(burst.wait(half(60)), None, "thirty seconds are the limit");
    }

    #[test]
    fn a_clock_that_was_set_back_puts_nothing_off_for_long() {
        let start = Timestamp(10_000_000_000);
        let mut burst = Burst::begun(start);
        let back = start.plus_seconds(-3600);
        assert_eq!(burst.wait(back), Some(QUIET), "never more than a moment at a time");
        burst.goes_on(back);
        assert_eq!(burst.wait(back.plus_seconds(1)), None);
        burst.goes_on(back.plus_seconds(30));
        assert_eq!(burst.wait(back.plus_seconds(30)), None);
    }
}
