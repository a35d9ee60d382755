//! `PATCH /v1/pieces/{id}`

use content::design::Design;
use content::pieces;
use kernel::PieceId;

use super::PieceAnswer;
use crate::v1::prelude::*;

/// Changes to something that is kept; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PieceChange {
    /// Another name.
    name: Option<String>,
    /// Another document.
    #[schema(value_type = Option<Design>)]
    design: Option<Json>,
}

/// Rename or replace something that is kept. Earlier states stay as they were.
#[utoipa::path(patch, path = "/v1/pieces/{id}", params(("id" = String, Path)), request_body = PieceChange,
    security(("key" = ["templates:write"])), responses((status = 200, body = PieceAnswer)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<PieceId>,
    JsonBody(input): JsonBody<PieceChange>,
) -> Result<JsonBody<PieceAnswer>> {
    let ctx = caller.require("templates:write")?;
    let design = input.design.map(super::document).transpose()?;
    if let (Some(after), false) = (&design, caller.may("templates:lock")) {
        content::locks::kept_in(&pieces::get(&ctx, id).await?.design, after)?;
    }
    Ok(JsonBody(pieces::change(&ctx, id, input.name.as_deref(), design.as_ref()).await?.into()))
}
