//! `POST /v1/privacy/purpose-reviews/{id}/close`

use kernel::EventId;
use privacy::purposes::review;

use crate::v1::prelude::*;

/// Say that purposes were looked at and the person informed.
#[utoipa::path(post, path = "/v1/privacy/purpose-reviews/{id}/close", params(("id" = String, Path)), security(("key" = ["privacy:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<EventId>) -> Result<StatusCode> {
    let ctx = caller.require("privacy:write")?;
    review::close(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
