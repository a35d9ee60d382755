//! SIP trunks: the ways to operators of calls.

mod create;
mod delete;
mod list;
mod read;
mod shapes;
mod update;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("trunks": list, create, read, update, delete)
}
