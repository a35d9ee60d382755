//! `DELETE /v1/trunks/{id}`

use kernel::TrunkId;

use crate::v1::prelude::*;
use crate::v1::trail;

/// Delete a trunk and take its registration back. Calls under way go on.
#[utoipa::path(delete, path = "/v1/trunks/{id}", params(("id" = String, Path)), security(("key" = ["routes:write"])),
    responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller, Path(id): Path<TrunkId>) -> Result<StatusCode> {
    let ctx = caller.require("routes:write")?;
    calls::trunks::remove(&ctx, id).await?;
    trail::note(&ctx, "trunk.deleted", &[&id]).await?;
    app.voice.follow(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}
