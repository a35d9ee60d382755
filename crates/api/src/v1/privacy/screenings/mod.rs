//! National opt-out lists.

mod list;
mod remove;
mod upload;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("screenings": list, remove)
}

pub(super) fn uploads() -> Routes {
    routes!("screenings": upload)
}

/// A national opt-out list.
#[derive(Serialize, ToSchema)]
pub(super) struct ScreeningList {
    id: String,
    /// ISO 3166.
    country: String,
    channel: String,
    /// Its name.
    list: String,
    /// Who delivered it.
    source: String,
    /// `loading` or `ready`.
    state: String,
    /// When the register made it.
    #[schema(format = DateTime)]
    dated_at: String,
    /// The first instant at which it counts as missing: thirty days later.
    #[schema(format = DateTime)]
    expires_at: String,
    entries: u64,
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// Lines that could not be read; in the answer to an upload.
    unreadable: Option<u64>,
}
