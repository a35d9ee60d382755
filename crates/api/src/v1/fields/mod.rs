//! Custom fields.

mod define;
mod delete;
mod delete_values;
mod list;
mod unused;
mod update;

use people::fields::{self, Field};
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("fields": list, define, update, delete, unused, delete_values)
}

/// The field of this key.
async fn known(ctx: &Ctx, key: &str) -> Result<Field> {
    fields::list(ctx).await?.remove(key).ok_or_else(|| Failure::not_found("field"))
}
