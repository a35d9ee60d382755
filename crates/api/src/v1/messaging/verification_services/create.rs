//! `POST /v1/verification-services`

use calls::verify::services;

use super::{VerificationService, VerificationSettings};
use crate::v1::prelude::*;

/// A verification service to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewVerificationService {
    /// What messages call it, 1 to 60 characters.
    name: String,
    /// How codes are made, sent and accepted.
    #[serde(default)]
    settings: VerificationSettings,
}

/// Make a verification service.
#[utoipa::path(post, path = "/v1/verification-services", request_body = NewVerificationService,
    security(("key" = ["routes:write"])), responses((status = 201, body = VerificationService)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewVerificationService>,
) -> Result<(StatusCode, JsonBody<VerificationService>)> {
    let ctx = caller.require("routes:write")?;
    let made = services::add(&ctx, &input.name, &input.settings.into()).await?;
    Ok((StatusCode::CREATED, JsonBody(made.into())))
}
