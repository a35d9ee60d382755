//! Topics: what people subscribe to.

mod archive;
mod create;
mod list;
mod read;
mod update;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("topics": list, create, read, update, archive)
}
