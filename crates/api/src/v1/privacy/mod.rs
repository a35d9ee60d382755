//! What the privacy engine shows of itself.

mod certificate;
mod check_receipt;
mod erasures;
mod explain;
mod pack;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("privacy": erasures, certificate, pack, explain, check_receipt)
}
