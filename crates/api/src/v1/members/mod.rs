//! Members of the workspace.

mod invite;
mod list;
mod remove;
mod set_role;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("members": list, invite, set_role, remove)
}
