//! The clocks of an incident, in elapsed hours from its discovery. Pure.

use std::sync::LazyLock;

use kernel::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clocks::incident_due;
use crate::vocabulary::vocabulary;

/// Seconds of an hour.
const HOUR: i64 = 3_600;

vocabulary! {
    /// A clock.
    ClockKind as "clock" {
        /// Until the incident is assessed: the workspace's own rule.
        Own = "own",
        /// Until the users of the service are told.
        Customers = "customers",
        /// Until the supervisory authority is told (Art. 33(1)).
        Authority = "authority",
    }
}

/// How many hours each clock runs. The law's number is data: it may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Hours {
    /// The workspace's own rule.
    #[serde(default)]
    pub own: u32,
    /// For the users of the service.
    #[serde(rename = "customers_hours")]
    pub customers: u32,
    /// For the supervisory authority.
    #[serde(rename = "authority_hours")]
    pub authority: u32,
}

static LAW: LazyLock<Hours> = LazyLock::new(|| {
    let fallback = Hours { own: 0, customers: 48, authority: 72 };
    serde_json::from_str(include_str!("../../data/incident_clocks.json")).unwrap_or(fallback)
});

impl Hours {
    /// The numbers in force, with the workspace's own rule.
    pub fn with_own(own: u32) -> Self {
        Self { own, ..*LAW }
    }

    const fn of(self, kind: ClockKind) -> u32 {
        match kind {
            ClockKind::Own => self.own,
            ClockKind::Customers => self.customers,
            ClockKind::Authority => self.authority,
        }
    }
}

/// A clock as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// Which.
    pub clock: ClockKind,
    /// How long it runs, in hours.
    pub hours: u32,
    /// When it ends.
    pub due_at: Timestamp,
    /// When what it waits for was done, or found not to be needed.
    pub stopped_at: Option<Timestamp>,
    /// The highest of 0, 50, 80 and 100 percent that it has reached.
    pub level: u8,
    /// Whether it ran out before it was stopped. In time is what happens before `due_at`.
    pub late: bool,
}

/// The clocks of an incident, the one that ends first first. `stopped` says when each was stopped.
pub fn clocks(
    discovered_at: Timestamp,
    hours: Hours,
    stopped: impl Fn(ClockKind) -> Option<Timestamp>,
    now: Timestamp,
) -> Vec<Clock> {
    let mut out: Vec<Clock> = ClockKind::ALL
        .iter()
        .filter(|kind| hours.of(**kind) > 0)
        .map(|&clock| {
            let length = i64::from(hours.of(clock)) * HOUR;
            let (due_at, stopped_at) = (incident_due(discovered_at, i64::from(hours.of(clock))), stopped(clock));
            let until = stopped_at.unwrap_or(now);
            let reached = |percent: i64| until >= discovered_at.plus_micros(length * Timestamp::SECOND / 100 * percent);
            let level = [100u8, 80, 50].into_iter().find(|percent| reached(i64::from(*percent))).unwrap_or(0);
            Clock { clock, hours: hours.of(clock), due_at, stopped_at, level, late: until >= due_at }
        })
        .collect();
    out.sort_by_key(|clock| clock.due_at);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_run_in_elapsed_hours() {
        let start: Timestamp = "2027-03-27T23:00:00Z".parse().unwrap();
        let at = |hours: i64| start.plus_seconds(hours * HOUR);
        let levels = |hours: i64| {
            clocks(start, Hours::with_own(24), |_| None, at(hours)).iter().map(|clock| clock.level).collect::<Vec<_>>()
        };
        assert_eq!(levels(0), [0, 0, 0]);
        assert_eq!(levels(12), [50, 0, 0]);
        assert_eq!(levels(24), [100, 50, 0]);
        assert_eq!(levels(48), [100, 100, 50]);
        assert_eq!(levels(58), [100, 100, 80]);
        assert_eq!(levels(72), [100, 100, 100]);
        let all = clocks(start, Hours::with_own(24), |_| None, at(72));
        assert_eq!(all.iter().map(|clock| clock.due_at).collect::<Vec<_>>(), [at(24), at(48), at(72)]);
        assert_eq!(all.iter().map(|clock| clock.late).collect::<Vec<_>>(), [true, true, true]);
        let told = clocks(start, Hours::with_own(0), |_| Some(at(10)), at(500));
        assert!(told.iter().all(|clock| !clock.late && clock.level == 0) && told.len() == 2);
    }

    proptest::proptest! {
        #[test]
        fn levels_only_rise(first in 0i64..100, more in 0i64..100) {
            let start = Timestamp(0);
            let at = |hours: i64| clocks(start, Hours::with_own(24), |_| None, start.plus_seconds(hours * HOUR));
            for (before, after) in at(first).iter().zip(at(first + more)) {
                proptest::prop_assert!(before.level <= after.level);
            }
        }
    }
}
