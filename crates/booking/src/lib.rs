//! Booking: event types, availability, slots, reservations, calendars.

pub mod calendars;
mod error;
pub mod reservations;
pub mod slots;

pub use error::{Error, Result};
