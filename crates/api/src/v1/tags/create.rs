//! `POST /v1/tags`

use people::tags;

use super::known;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// A tag's name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TagName {
    /// 1 to 100 characters, unique whatever the spelling's case and accents.
    pub(super) name: String,
}

/// Make a tag; one of this name that is there already is answered.
#[utoipa::path(post, path = "/v1/tags", request_body = TagName, security(("key" = ["tags:write"])),
    responses((status = 201, body = shapes::Tag)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<TagName>) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("tags:write")?;
    let ids = tags::ensure(&ctx, &[input.name]).await?;
    let id = *ids.first().ok_or_else(|| Failure::not_found("tag"))?;
    Ok((StatusCode::CREATED, JsonBody(json!(known(&ctx, id).await?))))
}
