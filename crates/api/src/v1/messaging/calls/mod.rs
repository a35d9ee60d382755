//! Calls: made, followed, hung up.

mod create;
mod hangup;
mod list;
mod read;
mod set_settings;
mod settings;
pub(super) mod shapes;
mod timeline;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("calls": list, create, settings, set_settings, read, timeline, hangup)
}
