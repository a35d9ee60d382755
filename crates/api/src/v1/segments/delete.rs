//! `DELETE /v1/segments/{id}`

use kernel::SegmentId;
use people::segments::saved;

use crate::v1::prelude::*;

/// Put a segment into the bin, where it waits thirty days; nobody in it is touched.
#[utoipa::path(delete, path = "/v1/segments/{id}", params(("id" = String, Path)),
    security(("key" = ["segments:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SegmentId>) -> Result<StatusCode> {
    let ctx = caller.require("segments:write")?;
    saved::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
