//! Rooms and other resources.

mod create;
mod list;
mod update;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("booking_resources": list, create, update)
}
