//! `POST /v1/templates`

use content::templates;

use crate::v1::content::input::Content;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// A design to be saved. It need not compile while it is a draft.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTemplate {
    /// Its name.
    name: String,
    /// What it contains.
    content: Content,
}

/// Save a design.
#[utoipa::path(post, path = "/v1/templates", request_body = NewTemplate, security(("key" = ["templates:write"])),
    responses((status = 201, body = shapes::Template)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewTemplate>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("templates:write")?;
    let source = input.content.read(&ctx).await?;
    let id = templates::create(&ctx, &input.name, &source).await?;
    Ok((StatusCode::CREATED, JsonBody(json!(templates::get(&ctx, id).await?))))
}
