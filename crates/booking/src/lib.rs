//! Booking: event types, availability, slots, reservations, calendars.
//!
//! [`slots`] is a pure function from hours, calendars, bookings and holds to the times on offer; [`offer`] fills its
//! question from the database for picker and booking path alike; [`reservations`] makes, moves and ends bookings in
//! transactions that no two meetings of one host survive together; [`calendars`] reads and writes what is outside;
//! [`payments`] waits for the money where something costs.

pub mod calendars;
mod error;
pub mod event_types;
pub mod hosts;
pub mod import;
pub mod mails;
pub mod model;
pub mod offer;
pub mod payments;
pub mod reservations;
pub mod resources;
pub mod samples;
pub mod schedules;
pub mod slots;
pub mod sms;
pub mod speech;
pub mod tokens;
mod turns;

pub use error::{Error, Result};
pub use reservations::tick;

store::data_map!("booking", include_str!("../migrations/columns.txt"));
store::migration!("booking", 1, "booking", include_str!("../migrations/0001_booking.sql"));
store::migration!("booking", 30, "answers", include_str!("../migrations/0030_answers.sql"));
store::migration!("booking", 32, "taken", include_str!("../migrations/0032_taken.sql"));
