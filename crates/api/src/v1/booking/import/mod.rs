//! Appointments from elsewhere.

mod run;

use axum::extract::DefaultBodyLimit;

use crate::v1::prelude::*;

/// Two files as texts of JSON, with room for what is escaped in them.
const MAX_BODY: usize = 2 * booking::import::LONGEST + 1024 * 1024;

pub(super) fn routes() -> Routes {
    routes!("booking_import": run).map(|router| router.layer(DefaultBodyLimit::max(MAX_BODY)))
}
