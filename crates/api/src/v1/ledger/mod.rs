//! The consent ledger, for those who check it.

mod checkpoint;
mod export;
mod verify;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("ledger": export, checkpoint, verify)
}
