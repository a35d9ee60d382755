//! `POST /v1/templates/{id}/restore`

use content::templates;
use kernel::TemplateId;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Take a saved design out of the bin.
#[utoipa::path(post, path = "/v1/templates/{id}/restore", params(("id" = String, Path)),
    security(("key" = ["templates:write"])), responses((status = 200, body = shapes::Template)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<TemplateId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("templates:write")?;
    Ok(JsonBody(json!(templates::restore(&ctx, id).await?)))
}
