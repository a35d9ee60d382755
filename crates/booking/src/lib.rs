//! Booking: event types, availability, slots, reservations, calendars.
