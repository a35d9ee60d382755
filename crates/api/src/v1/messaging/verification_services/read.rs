//! `GET /v1/verification-services/{id}`

use calls::verify::services;
use kernel::VerificationServiceId;

use super::VerificationService;
use crate::v1::prelude::*;

/// One verification service.
#[utoipa::path(get, path = "/v1/verification-services/{id}", params(("id" = String, Path)),
    security(("key" = ["routes:read"])), responses((status = 200, body = VerificationService)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<VerificationServiceId>,
) -> Result<JsonBody<VerificationService>> {
    let ctx = caller.require("routes:read")?;
    Ok(JsonBody(services::get(&ctx, id).await?.into()))
}
