//! Slots that are kept while somebody fills in the form.

mod create;
mod release;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("booking_holds": create, release)
}
