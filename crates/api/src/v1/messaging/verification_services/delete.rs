//! `DELETE /v1/verification-services/{id}`

use calls::verify::services;
use kernel::VerificationServiceId;

use crate::v1::prelude::*;

/// Take a verification service away; verifications that began go on.
#[utoipa::path(delete, path = "/v1/verification-services/{id}", params(("id" = String, Path)),
    security(("key" = ["routes:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<VerificationServiceId>) -> Result<StatusCode> {
    let ctx = caller.require("routes:write")?;
    services::remove(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
