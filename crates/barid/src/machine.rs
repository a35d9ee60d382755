//! The machine's own clock, randomness, arguments and environment; nothing else asks for them.

use std::cell::RefCell;
use std::time::UNIX_EPOCH;

use kernel::{Clock, Rng, Timestamp};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is where the machine's clock comes in")]
        let now = std::time::SystemTime::now();
        let micros = match now.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_micros()).map_or(i64::MIN, |micros| -micros),
        };
        Timestamp(micros)
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

/// Octets fetched ahead by each thread: an import asks for a dozen small pieces per person.
const AHEAD: usize = 1024;

/// Randomness that was fetched and not given out yet, at the end of the buffer.
struct Ahead {
    octets: [u8; AHEAD],
    left: usize,
}

thread_local! {
    static POOL: RefCell<Ahead> = const { RefCell::new(Ahead { octets: [0; AHEAD], left: 0 }) };
}

impl Rng for OsRandom {
    fn fill(&self, buffer: &mut [u8]) {
        if buffer.len() > AHEAD / 8 {
            return fetch(buffer);
        }
        POOL.with_borrow_mut(|pool| {
            if pool.left < buffer.len() {
                fetch(&mut pool.octets);
                pool.left = AHEAD;
            }
            let from = AHEAD - pool.left;
            let given = &mut pool.octets[from..from + buffer.len()];
            buffer.copy_from_slice(given);
            // What was given out is a key or a nonce now, and stays nowhere else.
            given.fill(0);
            pool.left -= buffer.len();
        });
    }
}

fn fetch(buffer: &mut [u8]) {
    #[expect(clippy::disallowed_methods, reason = "this is where the machine's randomness comes in")]
    let filled = aws_lc_rs::rand::fill(buffer);
    // Keys made without randomness would be worse than no server.
    #[expect(clippy::expect_used, reason = "the generator fails only when the machine has no entropy source at all")]
    filled.expect("the operating system gives randomness");
}

/// The program's arguments, for what has to be known before they are parsed.
pub fn arguments() -> impl Iterator<Item = String> {
    std::env::args_os().skip(1).filter_map(|argument| argument.into_string().ok())
}

/// An environment variable that has no flag, because a secret does not belong on a command line.
pub fn environment(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "this is where the environment comes in")]
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_octet_is_given_out_twice() {
        let mut seen = HashSet::new();
        for _ in 0..10 * AHEAD {
            let mut nonce = [0; 24];
            OsRandom.fill(&mut nonce);
            assert!(seen.insert(nonce));
        }
        for length in [0, 1, AHEAD / 8, AHEAD / 8 + 1, 3 * AHEAD] {
            let mut long = vec![0; length];
            OsRandom.fill(&mut long);
            assert!(length < 16 || long.windows(16).all(|window| window != [0; 16]), "{length}");
        }
    }
}
