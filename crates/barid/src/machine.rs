//! The machine's own clock, randomness, arguments and environment; nothing else asks for them.

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

impl Rng for OsRandom {
    fn fill(&self, buffer: &mut [u8]) {
        #[expect(clippy::disallowed_methods, reason = "this is where the machine's randomness comes in")]
        let filled = aws_lc_rs::rand::fill(buffer);
        // Keys made without randomness would be worse than no server.
        #[expect(
            clippy::expect_used,
            reason = "the generator fails only when the machine has no entropy source at all"
        )]
        filled.expect("the operating system gives randomness");
    }
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
