use kernel::{Date, Timestamp};

/// A point in time as written: an instant, or a whole day in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// An instant (RFC 3339, any offset).
    Instant(Timestamp),
    /// The number of a UTC day since 1970-01-01, written as an ISO 8601 date.
    Day(i32),
}

impl Moment {
    /// Its first microsecond.
    pub const fn start(self) -> i64 {
        match self {
            Self::Instant(at) => at.0,
            Self::Day(day) => day as i64 * Timestamp::DAY,
        }
    }

    /// The first microsecond after it.
    pub const fn end(self) -> i64 {
        match self {
            Self::Instant(at) => at.0.saturating_add(1),
            Self::Day(day) => (day as i64 + 1) * Timestamp::DAY,
        }
    }

    /// Reads `2026-11-21` or `2026-11-21T09:30:00+03:00`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        // Most texts are no dates: refuse them before any real work. Years have four digits here.
        if bytes.len() < 10 || bytes.len() > 40 || bytes[4] != b'-' || !bytes[0].is_ascii_digit() {
            return None;
        }
        if bytes.len() == 10 {
            let date: Date = text.parse().ok()?;
            let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
            return Some(Self::Day(Timestamp::from(midnight).day()));
        }
        text.parse().ok().map(Self::Instant)
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Instant(at) => at.fmt(f),
            Self::Day(_) => f.write_str(&Timestamp(self.start()).to_string()[..10]),
        }
    }
}

/// The instant a stored text stands for (a date: the start of its UTC day), if it is one.
/// `folded` is the text folded by [`kernel::fold`], so that Arabic-Indic digits read, too.
pub fn read_moment(folded: &str) -> Option<i64> {
    Moment::parse(folded).map(Moment::start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_instants_read() {
        assert_eq!(Moment::parse("1970-01-02"), Some(Moment::Day(1)));
        assert_eq!(Moment::parse("1969-12-31"), Some(Moment::Day(-1)));
        assert_eq!(Moment::parse("1970-01-01T00:00:00+03:00").map(Moment::start), Some(-3 * 3600 * Timestamp::SECOND));
        assert_eq!(Moment::parse("1970-01-01t00:00:01z").map(Moment::start), Some(Timestamp::SECOND));
        assert_eq!(read_moment(&kernel::fold("١٩٧٠-٠١-٠٢")), Some(Timestamp::DAY));
        for text in ["", "1970-02-30", "1970-1-1", "1970-01-01T00:00", "19700101", "yesterday ok", "1970-W01-01"] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
        assert_eq!(Moment::Day(-1).to_string(), "1969-12-31");
        assert_eq!((Moment::Day(0).start(), Moment::Day(0).end()), (0, Timestamp::DAY));
    }
}
