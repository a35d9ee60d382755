//! `POST /v1/segments/{id}/restore`

use kernel::SegmentId;
use people::segments::saved;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Take a segment out of the bin.
#[utoipa::path(post, path = "/v1/segments/{id}/restore", params(("id" = String, Path)),
    security(("key" = ["segments:write"])), responses((status = 200, body = shapes::Segment)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SegmentId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("segments:write")?;
    Ok(JsonBody(json!(saved::restore(&ctx, id).await?)))
}
