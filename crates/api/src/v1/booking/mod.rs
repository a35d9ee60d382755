//! Event types, schedules, slots, bookings and calendars.

mod calendars;

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default().merge(calendars::routes())
}
