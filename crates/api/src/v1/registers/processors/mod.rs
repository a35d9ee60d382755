//! Recipients of data.

mod changes;
mod connectors;
mod create;
mod delete;
mod enable;
mod end;
mod import;
mod list;
mod read;
mod update;

use super::super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("processors": list, create, read, update, delete, enable, end, import, changes, connectors)
}
