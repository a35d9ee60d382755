//! `GET /v1/pieces/{id}`

use content::pieces;
use kernel::PieceId;

use super::PieceAnswer;
use crate::v1::prelude::*;

/// Something that is kept, with its document.
#[utoipa::path(get, path = "/v1/pieces/{id}", params(("id" = String, Path)), security(("key" = ["templates:read"])),
    responses((status = 200, body = PieceAnswer)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<PieceId>) -> Result<JsonBody<PieceAnswer>> {
    let ctx = caller.require("templates:read")?;
    Ok(JsonBody(pieces::get(&ctx, id).await?.into()))
}
