//! `DELETE /v1/recordings/{id}`

use kernel::RecordingId;

use crate::v1::prelude::*;
use crate::v1::trail;

/// Delete a recording.
#[utoipa::path(delete, path = "/v1/recordings/{id}", params(("id" = String, Path)),
    security(("key" = ["calls:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<RecordingId>) -> Result<StatusCode> {
    let ctx = caller.require("calls:write")?;
    calls::voice::delete_recording(&ctx, id).await?;
    trail::note(&ctx, "recording.deleted", &[&id]).await?;
    Ok(StatusCode::NO_CONTENT)
}
