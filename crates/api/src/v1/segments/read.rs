//! `GET /v1/segments/{id}`

use kernel::SegmentId;
use people::segments::saved;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// A saved segment.
#[utoipa::path(get, path = "/v1/segments/{id}", params(("id" = String, Path)),
    security(("key" = ["segments:read"])), responses((status = 200, body = shapes::Segment)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SegmentId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("segments:read")?;
    Ok(JsonBody(json!(saved::get(&ctx, id).await?)))
}
