//! `DELETE /v1/topics/{id}`

use kernel::TopicId;
use people::topics;

use crate::v1::prelude::*;

/// Take a topic out of use. Memberships and evidence stay; `PATCH` with `archived: false` brings it back.
#[utoipa::path(delete, path = "/v1/topics/{id}", params(("id" = String, Path)), security(("key" = ["topics:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<TopicId>) -> Result<StatusCode> {
    let ctx = caller.require("topics:write")?;
    topics::get(&ctx, id).await?;
    topics::archive(&ctx, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}
