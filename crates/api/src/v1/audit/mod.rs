//! The audit trail.

mod list;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("audit": list)
}
