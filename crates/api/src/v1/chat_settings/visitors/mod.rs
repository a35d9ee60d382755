//! Visitors who are there now.

mod invite;
mod list;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("visitors": list, invite)
}
