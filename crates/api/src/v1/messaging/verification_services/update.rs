//! `PATCH /v1/verification-services/{id}`

use calls::verify::services;
use kernel::VerificationServiceId;

use super::{VerificationService, VerificationSettings};
use crate::v1::prelude::*;

/// A change of a verification service; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerificationServiceChange {
    /// Another name.
    #[serde(default)]
    name: Option<String>,
    /// Other settings, in place of all that there are.
    #[serde(default)]
    settings: Option<VerificationSettings>,
}

/// Change a verification service. Verifications that began keep what they began with.
#[utoipa::path(patch, path = "/v1/verification-services/{id}", params(("id" = String, Path)),
    request_body = VerificationServiceChange, security(("key" = ["routes:write"])),
    responses((status = 200, body = VerificationService)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<VerificationServiceId>,
    JsonBody(input): JsonBody<VerificationServiceChange>,
) -> Result<JsonBody<VerificationService>> {
    let ctx = caller.require("routes:write")?;
    let before = services::get(&ctx, id).await?;
    let name = input.name.unwrap_or(before.name);
    let settings = input.settings.map_or(before.settings, Into::into);
    Ok(JsonBody(services::change(&ctx, id, &name, &settings).await?.into()))
}
