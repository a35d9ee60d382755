//! iCalendar (RFC 5545), read and written. What others wrote is hostile until proved otherwise: every size is
//! bounded by [`Limits`], no octets make the reader fail in another way than [`IcsError`], and what cannot be
//! understood is counted as doubtful instead of guessed.
//!
//! The reader keeps what says when somebody is busy and who answered what; titles, descriptions and places
//! are not read at all.

mod expand;
mod lines;
mod model;
mod parse;
mod recur;
mod rule;
mod when;
mod windows;
mod write;
mod zones;

pub(in crate::calendars) use model::blocks;

pub use expand::{Expansion, Reader, expand};
pub use model::{Attendee, Busy, Calendar, Event, Method, PartStat, Revision, Status};
pub use parse::{IcsError, Limits, parse, parse_with};
pub use rule::{Day, Frequency, Rule};
pub use when::{End, Length, When};
pub use write::{Feed, Party, Written, feed, write};

/// The zone that a name means: IANA's, Windows', or either behind a vendor's prefix.
pub fn zone(name: &str) -> Option<jiff::tz::TimeZone> {
    zones::Zones::default().get(name)
}
