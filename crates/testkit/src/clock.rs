use kernel::{Clock, Timestamp};
use parking_lot::Mutex;

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock standing at `text` (RFC 3339).
    ///
    /// # Panics
    /// When the text is not an instant: a test's own mistake.
    pub fn at(text: &str) -> Self {
        Self(Mutex::new(text.parse().expect("a test's instant is RFC 3339")))
    }

    /// Moves the clock by `seconds`.
    pub fn advance(&self, seconds: i64) {
        let mut now = self.0.lock();
        *now = now.plus_seconds(seconds);
    }

    /// Sets the clock.
    pub fn set(&self, to: Timestamp) {
        *self.0.lock() = to;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock()
    }
}
