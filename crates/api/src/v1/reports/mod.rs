//! Reports across campaigns and the audience.

mod csv;
mod overview;
mod table;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("reports": overview, csv)
}
