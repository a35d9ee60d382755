//! The registers of a data protection officer.

mod authority;
mod documents;
mod incidents;
mod notices;
mod processors;
mod purposes;
mod record;
mod shapes;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    Routes::default()
        .merge(authority::routes())
        .merge(documents::routes())
        .merge(incidents::routes())
        .merge(notices::routes())
        .merge(processors::routes())
        .merge(purposes::routes())
        .merge(record::routes())
}
