//! `GET /v1/templates/{id}`

use content::templates;
use kernel::TemplateId;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// A saved design.
#[utoipa::path(get, path = "/v1/templates/{id}", params(("id" = String, Path)),
    security(("key" = ["templates:read"])), responses((status = 200, body = shapes::Template)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<TemplateId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("templates:read")?;
    Ok(JsonBody(json!(templates::get(&ctx, id).await?)))
}
