//! `DELETE /v1/bots/{id}`

use super::{BotId, slice};
use crate::v1::prelude::*;

/// Delete one bot.
#[utoipa::path(delete, path = "/v1/bots/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:manage"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<BotId>) -> Result<StatusCode> {
    let ctx = caller.require("conversations:manage")?;
    slice::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
