//! When to try again, and when to stop. Pure.

use kernel::Timestamp;

/// Seconds a message is tried for.
pub(super) const GIVE_UP: i64 = 72 * 3600;
/// Days for which messages and attempts are kept.
pub(super) const KEEP_DAYS: i64 = 30;
/// Consecutive failures from which on an endpoint's other messages wait, too.
pub(super) const HOLD_FROM: u32 = 3;

/// Seconds before the attempt after `failures` failures.
const DELAYS: [i64; 10] = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200];

/// The delay after `failures` failures (from 1), lengthened by up to a fifth so that messages that
/// failed together do not return together.
pub(super) fn delay(failures: u32, spread: u8) -> i64 {
    let index = (failures.max(1) as usize - 1).min(DELAYS.len() - 1);
    DELAYS[index] + DELAYS[index] * i64::from(spread) / (5 * 255)
}

/// The instant of the next attempt, or `None` when the message is to be given up. `asked` is what
/// the endpoint's Retry-After asked for, in seconds.
pub(super) fn next_attempt(
    first: Timestamp,
    now: Timestamp,
    failures: u32,
    spread: u8,
    asked: Option<i64>,
) -> Option<Timestamp> {
    let longest = DELAYS[DELAYS.len() - 1];
    let seconds = delay(failures, spread).max(asked.unwrap_or(0).min(longest));
    let at = now.plus_seconds(seconds);
    (at <= first.plus_seconds(GIVE_UP)).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_grow_from_seconds_to_half_a_day() {
        assert_eq!(delay(1, 0), 5);
        assert_eq!(delay(10, 0), 43_200);
        assert_eq!(delay(u32::MAX, 255), 51_840);
        assert!((1..12).all(|n| delay(n, 0) <= delay(n + 1, 0)));
    }

    #[test]
    fn a_message_is_tried_for_three_days() {
        let first = Timestamp(0);
        let (mut now, mut failures) = (first, 0);
        loop {
            failures += 1;
            match next_attempt(first, now, failures, 0, None) {
                Some(at) => now = at,
                None => break,
            }
        }
        assert!(now >= Timestamp(0).plus_seconds(60 * 3600), "given up at {now}");
        assert!(now <= Timestamp(0).plus_seconds(GIVE_UP));
        assert!((12..=20).contains(&failures), "{failures}");
    }

    #[test]
    fn retry_after_lengthens_but_never_shortens() {
        let now = Timestamp(0);
        assert_eq!(next_attempt(now, now, 1, 0, Some(90)), Some(now.plus_seconds(90)));
        assert_eq!(next_attempt(now, now, 4, 0, Some(1)), Some(now.plus_seconds(600)));
        assert_eq!(next_attempt(now, now, 1, 0, Some(i64::MAX)), Some(now.plus_seconds(43_200)));
    }
}
