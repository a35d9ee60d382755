//! What the server says about itself.

mod document;
mod read;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("meta": read, document)
}
