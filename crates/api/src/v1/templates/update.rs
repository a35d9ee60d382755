//! `PATCH /v1/templates/{id}`

use content::templates;
use kernel::TemplateId;

use crate::v1::content::input::Content;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Changes to a design; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateChange {
    /// Another name.
    name: Option<String>,
    /// All of its content anew.
    content: Option<Content>,
    /// The revision the change was made against.
    revision: Option<i64>,
}

/// Change a saved design.
#[utoipa::path(patch, path = "/v1/templates/{id}", params(("id" = String, Path)), request_body = TemplateChange,
    security(("key" = ["templates:write"])), responses((status = 200, body = shapes::Template)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<TemplateId>,
    JsonBody(input): JsonBody<TemplateChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("templates:write")?;
    let before = templates::get(&ctx, id).await?;
    let source = match input.content {
        Some(content) => content.read(&ctx).await?,
        None => before.source,
    };
    let name = input.name.unwrap_or(before.name);
    templates::update(&ctx, id, input.revision.unwrap_or(before.revision), &name, &source).await?;
    Ok(JsonBody(json!(templates::get(&ctx, id).await?)))
}
