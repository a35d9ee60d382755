//! Booking, through its public functions.
