//! API keys.

mod create;
mod list;
mod revoke;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("keys": list, create, revoke)
}
