//! Event types, schedules, slots, bookings and calendars.

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
}
