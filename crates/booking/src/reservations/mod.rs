//! Reservations: who booked what, when and with whom.
//!
//! A **session** is a place in somebody's time; a **booking** is one attendee's seat of it. Group events have one
//! session with many seats, everything else one session with one. [`claim`] says why nobody can be booked twice.

mod answered;
mod answers;
pub mod assign;
mod attendee;
mod book;
mod change;
mod claim;
mod ended;
mod holds;
mod list;
mod model;
pub(crate) mod paid;
mod past;
mod reminders;

pub use answered::{Answered, call_off_by_answer};
pub use attendee::{Attendee, Details, Filled};
pub(crate) use book::Happened;
pub use book::{Booked, book};
pub(crate) use change::session_of;
pub use change::{By, approve, cancel, cancel_and, decline, in_time, no_show, reassign, reschedule};
pub use ended::{erase_by_email, erase_of_source, moved_by_zones, tick};
pub use holds::{Hold, MOST_PER_CLIENT, MOST_PER_TYPE, held, hold, release};
pub use list::{Filter, Report, list, report};
pub(crate) use model::uid;
pub use model::{Booking, CalendarEntry, State, for_calendar, get, of_host};
pub(crate) use past::{Past, insert_past};

/// Jobs for calendar copies: `{"booking": id}`.
pub const CALENDAR_QUEUE: &str = "booking.calendar";
/// Jobs for mail: `{"booking": id, "what": …}`.
pub const MAIL_QUEUE: &str = "booking.mail";
