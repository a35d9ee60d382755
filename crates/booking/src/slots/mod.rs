//! Slots: a pure function from hours, calendars, bookings and holds to the times on offer.
//!
//! The picker, the booking path and `barid explain slots` ask the same [`find`]. Rules R1 to R17 are in
//! docs/reference/slots.md. Each host's hours become sorted windows once, with one look at the time zone per window
//! edge; what is taken is sorted and merged once; then starts and intervals are swept together.

mod civil;
mod explain;
mod find;
mod model;
#[cfg(test)]
mod oracle;
mod sweep;
#[cfg(test)]
mod tests;
mod why;
mod windows;

pub(crate) use civil::{day_number, event_time, week};
pub(crate) use explain::clock;
pub use explain::{ExplainError, explain};
pub use find::{LONGEST, MOST_DAYS, MOST_HOSTS, find};
pub use model::{
    Answer, Booked, Held, Host, MINUTE, Meeting, Mode, Override, Question, Reason, Rule, SlotError, Span, Start, Taken,
    Why,
};
