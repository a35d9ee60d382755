//! `DELETE /v1/templates/{id}`

use content::templates;
use kernel::TemplateId;

use crate::v1::prelude::*;

/// Put a saved design into the bin, where it waits thirty days.
#[utoipa::path(delete, path = "/v1/templates/{id}", params(("id" = String, Path)),
    security(("key" = ["templates:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<TemplateId>) -> Result<StatusCode> {
    let ctx = caller.require("templates:write")?;
    templates::get(&ctx, id).await?;
    templates::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
