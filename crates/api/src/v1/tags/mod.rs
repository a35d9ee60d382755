//! Tags.

mod create;
mod delete;
mod list;
mod merge;
mod rename;

use kernel::TagId;
use people::tags::{self, Tag};
use store::Ctx;

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("tags": list, create, rename, delete, merge)
}

/// The tag of this id.
async fn known(ctx: &Ctx, id: TagId) -> Result<Tag> {
    tags::list(ctx).await?.into_iter().find(|tag| tag.id == id).ok_or_else(|| Failure::not_found("tag"))
}
