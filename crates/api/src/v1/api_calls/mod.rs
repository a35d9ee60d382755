//! The log of API calls.

mod list;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("api_calls": list)
}
