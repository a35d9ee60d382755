//! Designs to start from.

mod list;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("starters": list)
}
