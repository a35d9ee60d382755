//! Progress of long work: on a terminal only, on stderr, at most five times a second.

use std::io::{self, IsTerminal, Write};

use kernel::{Clock, Timestamp};

use crate::machine::SystemClock;

const PACE: i64 = Timestamp::SECOND / 5;

/// A line that rewrites itself: count, rate, time left.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    total: Option<u64>,
    began: Timestamp,
    shown: Timestamp,
    visible: bool,
    drawn: bool,
}

fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

fn line(what: &str, count: u64, total: Option<u64>, elapsed: f64) -> String {
    let rate = if elapsed > 0.0 { count as f64 / elapsed } else { 0.0 };
    let of = total.map_or_else(String::new, |total| format!(" of {total}"));
    if rate < 1.0 {
        return format!("{what}: {count}{of}");
    }
    let left = total.map(|total| total.saturating_sub(count)).filter(|left| *left > 0);
    let left = left.map_or_else(String::new, |left| format!(", {} left", duration((left as f64 / rate).ceil() as u64)));
    format!("{what}: {count}{of}, {rate:.0}/s{left}")
}

impl Progress {
    /// A line about `what`; invisible unless stderr is a terminal.
    pub fn new(what: &'static str, total: Option<u64>) -> Self {
        let began = SystemClock.now();
        Self { what, total, began, shown: Timestamp(0), visible: io::stderr().is_terminal(), drawn: false }
    }

    /// Tells how far the work has come, perhaps with a total that was not known before.
    pub fn at(&mut self, count: u64, total: Option<u64>) {
        self.total = total.or(self.total);
        let now = SystemClock.now();
        if !self.visible || now.0 - self.shown.0 < PACE {
            return;
        }
        let elapsed = (now.0 - self.began.0) as f64 / Timestamp::SECOND as f64;
        let _ = write!(io::stderr(), "\r\x1b[K{}", line(self.what, count, self.total, elapsed));
        (self.shown, self.drawn) = (now, true);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_count_rate_and_time_left() {
        assert_eq!(line("rows", 500, Some(1000), 5.0), "rows: 500 of 1000, 100/s, 5 s left");
        assert_eq!(line("rows", 0, None, 0.0), "rows: 0");
        assert_eq!(line("rows", 1000, Some(1000), 10.0), "rows: 1000 of 1000, 100/s");
        assert_eq!(line("rows", 10, Some(40_000), 1.0), "rows: 10 of 40000, 10/s, 1 h 6 min left");
    }
}
