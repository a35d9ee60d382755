//! Channels: connected accounts of chat apps.

mod create;
mod delete;
mod list;
mod read;
mod shapes;
mod templates;
mod test;
mod update;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("channels": list, create, read, update, delete, test, templates)
}
