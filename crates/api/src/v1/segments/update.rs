//! `PATCH /v1/segments/{id}`

use kernel::SegmentId;
use people::segments::saved;

use super::condition;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Changes to a segment; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SegmentChange {
    /// Another name.
    name: Option<String>,
    /// Who is in it from now on.
    #[schema(value_type = Option<Object>)]
    r#where: Option<Json>,
    /// The version the change was made against.
    version: Option<i64>,
}

/// Change a segment.
#[utoipa::path(patch, path = "/v1/segments/{id}", params(("id" = String, Path)), request_body = SegmentChange,
    security(("key" = ["segments:write"])), responses((status = 200, body = shapes::Segment)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<SegmentId>,
    JsonBody(input): JsonBody<SegmentChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("segments:write")?;
    let before = saved::get(&ctx, id).await?;
    let wanted = match &input.r#where {
        Some(json) => condition(json)?,
        None => before.condition,
    };
    let name = input.name.unwrap_or(before.name);
    saved::update(&ctx, id, input.version.unwrap_or(before.version), &name, &wanted).await?;
    Ok(JsonBody(json!(saved::get(&ctx, id).await?)))
}
