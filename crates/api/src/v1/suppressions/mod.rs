//! Who must not be written to. Known by keyed hash only: nobody can list them.

mod add;
mod counts;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("suppressions": counts, add)
}
