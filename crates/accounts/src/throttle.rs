//! Bounded token buckets (generic cell rate algorithm): one instant per key says it all.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;

use kernel::Timestamp;
use parking_lot::Mutex;

/// How fast a bucket refills and how much it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many may come at once.
    pub burst: u32,
    /// Microseconds until one more is allowed.
    pub every_micros: i64,
}

impl Rate {
    /// `per_second` in the long run, `burst` at once.
    pub const fn per_second(per_second: u32, burst: u32) -> Self {
        Self { burst, every_micros: Timestamp::SECOND / per_second as i64 }
    }

    /// One per `seconds` in the long run, `burst` at once.
    pub const fn one_per(seconds: u32, burst: u32) -> Self {
        Self { burst, every_micros: seconds as i64 * Timestamp::SECOND }
    }
}

/// Buckets by key, in process. Never holds more than its capacity of keys: when it is full, idle
/// buckets go first, then those with the least debt.
#[derive(Debug)]
pub struct Buckets<K> {
    rate: Rate,
    capacity: usize,
    /// Per key, the instant at which the bucket is full again.
    full_at: Mutex<HashMap<K, i64>>,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Buckets of one rate for at most `capacity` keys.
    pub fn new(rate: Rate, capacity: usize) -> Self {
        Self { rate, capacity: capacity.max(2), full_at: Mutex::new(HashMap::new()) }
    }

    /// Takes one from the bucket of `key`, or says after how many seconds there will be one.
    pub fn take(&self, key: K, now: Timestamp) -> Result<(), u32> {
        let mut full_at = self.full_at.lock();
        if full_at.len() >= self.capacity && !full_at.contains_key(&key) {
            evict(&mut full_at, now);
        }
        let slot = full_at.entry(key).or_insert(now.0);
        let next = (*slot).max(now.0).saturating_add(self.rate.every_micros);
        let wait = next - now.0 - self.rate.every_micros.saturating_mul(i64::from(self.rate.burst));
        if wait > 0 {
            return Err((wait as u64).div_ceil(Timestamp::SECOND as u64).clamp(1, 86_400) as u32);
        }
        *slot = next;
        Ok(())
    }

    /// Puts one back: the attempt that took it turned out well.
    pub fn give_back(&self, key: &K) {
        if let Some(slot) = self.full_at.lock().get_mut(key) {
            *slot = slot.saturating_sub(self.rate.every_micros);
        }
    }
}

fn evict<K: Eq + Hash>(full_at: &mut HashMap<K, i64>, now: Timestamp) {
    let before = full_at.len();
    full_at.retain(|_, at| *at > now.0);
    if full_at.len() == before {
        let sum: i128 = full_at.values().map(|at| i128::from(*at)).sum();
        let mean = (sum / before as i128) as i64;
        full_at.retain(|_, at| *at > mean);
    }
}

/// What one customer of an access provider can be told apart by: an IPv4 address, or the first 64
/// bits of an IPv6 address.
pub fn address_key(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_000_000_000);

    #[test]
    fn a_bucket_empties_and_refills() {
        let buckets = Buckets::new(Rate::one_per(60, 3), 100);
        for _ in 0..3 {
            assert_eq!(buckets.take("a", START), Ok(()));
        }
        assert_eq!(buckets.take("a", START), Err(60));
        assert_eq!(buckets.take("b", START), Ok(()));
        assert_eq!(buckets.take("a", START.plus_seconds(59)), Err(1));
        assert_eq!(buckets.take("a", START.plus_seconds(60)), Ok(()));
        assert_eq!(buckets.take("a", START.plus_seconds(60)), Err(60));
        buckets.give_back(&"a");
        assert_eq!(buckets.take("a", START.plus_seconds(60)), Ok(()));
    }

    #[test]
    fn memory_stays_bounded_and_the_worst_are_remembered() {
        let buckets = Buckets::new(Rate::one_per(60, 2), 100);
        assert!(buckets.take(0, START).is_ok() && buckets.take(0, START).is_ok());
        for key in 1..10_000 {
            buckets.take(key, START).unwrap();
        }
        assert!(buckets.full_at.lock().len() <= 100);
        assert!(buckets.take(0, START).is_err(), "the spent bucket outlives the flood of fresh keys");
    }

    #[test]
    fn ipv6_customers_share_their_prefix() {
        let key = |text: &str| address_key(text.parse().unwrap());
        assert_eq!(key("2001:db8:1:2::1"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}
