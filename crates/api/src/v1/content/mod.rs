//! Content, before it is part of anything.

mod check;
mod finding;
pub(super) mod input;
pub(super) mod preview;
mod repair;

use axum::extract::DefaultBodyLimit;

use super::prelude::*;

/// The largest body that carries content: a few languages of the longest parts.
pub(super) const MAX_BODY: usize = 8 * 1024 * 1024;

pub(super) fn routes() -> Routes {
    routes!("content": check, preview, repair).map(|router| router.layer(DefaultBodyLimit::max(MAX_BODY)))
}
