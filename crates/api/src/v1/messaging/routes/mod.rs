//! Routes: the ways to operators.

mod create;
mod delete;
mod list;
mod read;
mod shapes;
mod update;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("routes": list, create, read, update, delete)
}
