//! `DELETE /v1/pieces/{id}`

use content::pieces;
use kernel::PieceId;

use crate::v1::prelude::*;

/// Forget something that was kept. Messages that use it keep what they took from it.
#[utoipa::path(delete, path = "/v1/pieces/{id}", params(("id" = String, Path)),
    security(("key" = ["templates:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<PieceId>) -> Result<StatusCode> {
    let ctx = caller.require("templates:write")?;
    pieces::get(&ctx, id).await?;
    pieces::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
