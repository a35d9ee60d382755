//! `GET /v1/verification-services`

use calls::verify::services;

use super::VerificationService;
use crate::v1::prelude::*;

/// Every verification service, the oldest first.
#[utoipa::path(get, path = "/v1/verification-services", security(("key" = ["routes:read"])),
    responses((status = 200, body = Listed<VerificationService>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<VerificationService>>> {
    let ctx = caller.require("routes:read")?;
    let all: Vec<VerificationService> = services::list(&ctx).await?.into_iter().map(Into::into).collect();
    Ok(JsonBody(all.into()))
}
