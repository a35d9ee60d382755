//! Hours and lists of holidays.

mod create;
mod delete;
mod delete_holidays;
mod holidays;
mod list;
mod put_holidays;
mod read;
mod update;

use booking::model::Hours;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("booking_schedules": list, create, read, update, delete, holidays, put_holidays, delete_holidays)
}

/// A schedule to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSchedule {
    /// What members call it.
    name: String,
    /// The hours.
    hours: Hours,
}

/// A schedule in place of the one that is there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleChange {
    /// What members call it.
    name: String,
    /// The hours.
    hours: Hours,
    /// The version the change was made for.
    version: i64,
}
