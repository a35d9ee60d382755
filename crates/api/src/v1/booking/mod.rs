//! Event types, schedules, slots, bookings and calendars.

mod bookings;
mod calendars;
mod event_types;
mod holds;
mod hosts;
mod import;
mod payments;
mod resources;
mod schedules;
mod slots;

use crate::v1::routes::Routes;

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(event_types::routes())
        .merge(hosts::routes())
        .merge(schedules::routes())
        .merge(resources::routes())
        .merge(slots::routes())
        .merge(holds::routes())
        .merge(bookings::routes())
        .merge(calendars::routes())
        .merge(payments::routes())
        .merge(import::routes())
}
