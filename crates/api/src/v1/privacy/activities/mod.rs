//! What the organisation is registered to do.

mod create;
mod list;
mod retire;

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("activities": list, create, retire)
}

/// A business activity.
#[derive(Serialize, ToSchema)]
pub(super) struct BusinessActivity {
    /// Its id, which campaigns name.
    id: String,
    /// Its code in the register.
    code: String,
    /// What it is.
    description: String,
    /// Which register.
    register: String,
    created_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    /// Out of use since.
    #[schema(format = DateTime)]
    retired_at: Option<String>,
}
