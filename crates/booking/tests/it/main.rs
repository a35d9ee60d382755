//! Booking, through its public functions.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calendars;
mod explain;
mod house;
mod import;
mod mails;
mod payments;
mod reservations;
mod rush;
mod statements;
