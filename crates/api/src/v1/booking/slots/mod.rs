//! The times at which something can be booked, and why others are missing.

mod list;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("booking_slots": list)
}
