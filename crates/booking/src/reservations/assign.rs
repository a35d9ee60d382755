//! Who gets the next meeting of a round robin.

use std::collections::HashMap;

use kernel::{HostId, Rng, Timestamp};

/// A host who could take the meeting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contender {
    /// The host.
    pub host: HostId,
    /// The share, in proportion to the others'.
    pub weight: u16,
    /// Among equals the greater goes first.
    pub priority: u8,
    /// Meetings within the period.
    pub count: u32,
    /// When the last one was given to them.
    pub last: Option<Timestamp>,
    /// The part of the period in which they took part and were there, 0 to 1.
    pub present: f64,
}

/// Puts contenders into the order in which they are tried: the one furthest behind their share first, then priority,
/// then the one whose last meeting was given longest ago, then by lot. Who joined during the period or was away is
/// credited the meetings that somebody with their weight had meanwhile, so that nobody is flooded on return.
pub fn order(contenders: &[Contender], everybody: &[Contender], rng: &dyn Rng) -> Vec<HostId> {
    let given: f64 = everybody.iter().map(|one| f64::from(one.count)).sum();
    let stood: f64 = everybody.iter().map(|one| f64::from(one.weight) * one.present).sum();
    let rate = if stood > 0.0 { given / stood } else { 0.0 };
    let load = |one: &Contender| {
        let weight = f64::from(one.weight.max(1));
        let credit = rate * weight * (1.0 - one.present);
        (f64::from(one.count) + credit) / weight
    };
    let mut out: Vec<(f64, &Contender, u64)> = contenders
        .iter()
        .map(|one| {
            let mut lot = [0; 8];
            rng.fill(&mut lot);
            (load(one), one, u64::from_be_bytes(lot))
        })
        .collect();
    out.sort_by(|a, b| {
        // Loads that differ by rounding only are equal.
        let loads = if (a.0 - b.0).abs() < 1e-9 { std::cmp::Ordering::Equal } else { a.0.total_cmp(&b.0) };
        loads.then(b.1.priority.cmp(&a.1.priority)).then(a.1.last.cmp(&b.1.last)).then(a.2.cmp(&b.2))
    });
    out.into_iter().map(|one| one.1.host).collect()
}

/// The part of `[from, to)` that is left after absences, and not before `since`.
pub(crate) fn present((from, to): (i64, i64), since: i64, absent: &[(i64, i64)]) -> f64 {
    let whole = (to - from).max(1) as f64;
    let begin = from.max(since.min(to));
    let mut spans: Vec<(i64, i64)> =
        absent.iter().map(|span| (span.0.max(begin), span.1.min(to))).filter(|span| span.0 < span.1).collect();
    spans.sort_unstable();
    let (mut away, mut until) = (0, begin);
    for span in spans {
        away += (span.1 - span.0.max(until)).max(0);
        until = until.max(span.1);
    }
    ((to - begin - away).max(0)) as f64 / whole
}

/// Counts per host as read from the database.
pub(crate) type Counts = HashMap<HostId, (u32, Option<Timestamp>)>;

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::SeededRng;

    fn host(number: u8) -> HostId {
        HostId([number; 16])
    }

    fn contender(number: u8, weight: u16) -> Contender {
        Contender { host: host(number), weight, priority: 0, count: 0, last: None, present: 1.0 }
    }

    fn serve(pool: &mut [Contender], meetings: i64, rng: &SeededRng) {
        for at in 0..meetings {
            let first = order(pool, pool, rng)[0];
            let one = pool.iter_mut().find(|one| one.host == first).unwrap();
            one.count += 1;
            one.last = Some(Timestamp(at));
        }
    }

    #[test]
    fn nobody_is_more_than_one_ahead() {
        for seed in 0..20 {
            let rng = SeededRng::new(seed);
            let mut pool: Vec<_> = (1..=7).map(|number| contender(number, 100)).collect();
            for _ in 0..50 {
                serve(&mut pool, 3, &rng);
                let (least, most) = (pool.iter().map(|one| one.count).min(), pool.iter().map(|one| one.count).max());
                assert!(most.unwrap() - least.unwrap() <= 1, "{pool:?}");
            }
        }
    }

    #[test]
    fn shares_follow_weights() {
        let mut pool = vec![contender(1, 300), contender(2, 100)];
        serve(&mut pool, 400, &SeededRng::new(4));
        assert_eq!((pool[0].count, pool[1].count), (300, 100));
    }

    #[test]
    fn who_is_new_starts_at_the_average() {
        let mut pool = vec![contender(1, 100), contender(2, 100)];
        serve(&mut pool, 40, &SeededRng::new(1));
        pool.push(Contender { present: 0.0, ..contender(3, 100) });
        let before = pool[2].count;
        // The period goes on: presence grows with it, and the newcomer gets a third of what follows.
        serve(&mut pool, 3, &SeededRng::new(2));
        assert!(pool[2].count - before <= 2, "{pool:?}");
    }

    #[test]
    fn among_equals_priority_then_the_longest_wait_then_the_lot() {
        let mut pool = [contender(1, 100), contender(2, 100), contender(3, 100)];
        pool[1].priority = 5;
        assert_eq!(order(&pool, &pool, &SeededRng::new(1))[0], host(2));
        pool[1].priority = 0;
        for (place, one) in pool.iter_mut().enumerate() {
            one.count = 1;
            one.last = Some(Timestamp(10 - place as i64));
        }
        assert_eq!(order(&pool, &pool, &SeededRng::new(1))[0], host(3));
        let equal = [contender(1, 100), contender(2, 100), contender(3, 100)];
        let firsts: std::collections::HashSet<_> =
            (0..40).map(|seed| order(&equal, &equal, &SeededRng::new(seed))[0]).collect();
        assert_eq!(firsts.len(), 3, "not the order of insertion");
    }

    #[test]
    fn presence_is_what_is_left_after_absences() {
        assert!((present((0, 100), 0, &[(90, 200), (-5, 10), (5, 20)]) - 0.7).abs() < 1e-9);
        assert!((present((0, 100), 75, &[]) - 0.25).abs() < 1e-9);
        assert!((present((0, 100), 500, &[]) - 0.0).abs() < 1e-9);
    }
}
