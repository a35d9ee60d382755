//! Saved designs.

mod create;
mod delete;
mod list;
mod read;
mod restore;
mod update;

use axum::extract::DefaultBodyLimit;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    let limit = DefaultBodyLimit::max(super::content::MAX_BODY);
    routes!("templates": list, create, read, update, delete, restore).map(|router| router.layer(limit))
}
