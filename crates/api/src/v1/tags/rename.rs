//! `PATCH /v1/tags/{id}`

use kernel::TagId;
use people::tags;

use super::create::TagName;
use super::known;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Give a tag another name.
#[utoipa::path(patch, path = "/v1/tags/{id}", params(("id" = String, Path)), request_body = TagName,
    security(("key" = ["tags:write"])), responses((status = 200, body = shapes::Tag)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<TagId>,
    JsonBody(input): JsonBody<TagName>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("tags:write")?;
    known(&ctx, id).await?;
    tags::rename(&ctx, id, &input.name).await?;
    Ok(JsonBody(json!(known(&ctx, id).await?)))
}
