//! The register of documents.

mod create;
mod list;
mod retire;
mod update;

use super::super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("documents": list, create, update, retire)
}
