//! `POST /v1/tags/{id}/merge`

use kernel::TagId;
use people::tags;

use super::known;
use crate::v1::prelude::*;
use crate::v1::{shapes, trail};

/// Which tag goes into this one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TagMerge {
    /// The tag that goes.
    #[schema(value_type = String)]
    duplicate: TagId,
}

/// The tag that stays.
#[derive(Serialize, ToSchema)]
pub(super) struct MergedTag {
    /// The tag.
    #[schema(value_type = shapes::Tag)]
    tag: Json,
    /// How many saved segments named the other one and name this one now.
    segments_changed: usize,
}

/// Make one tag of two: this one stays, and whoever had the duplicate has it. Saved segments follow.
#[utoipa::path(post, path = "/v1/tags/{id}/merge", params(("id" = String, Path)), request_body = TagMerge,
    security(("key" = ["tags:write"])), responses((status = 200, body = MergedTag)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<TagId>,
    JsonBody(input): JsonBody<TagMerge>,
) -> Result<JsonBody<MergedTag>> {
    let ctx = caller.require("tags:write")?;
    let segments_changed = tags::merge(&ctx, id, input.duplicate).await?;
    trail::note(&ctx, "tag.merged", &[&id, &input.duplicate]).await?;
    Ok(JsonBody(MergedTag { tag: json!(known(&ctx, id).await?), segments_changed }))
}
