//! Booking, through its public functions.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calendars;
mod explain;
mod house;
mod reservations;
mod rush;
mod statements;
