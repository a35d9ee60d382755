//! Hosted sign-up forms.

mod archive;
mod create;
mod list;
mod read;
mod update;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("forms": list, create, read, update, archive)
}
