//! `POST /v1/verifications/{id}/check`

use kernel::VerificationId;

use super::shapes::{Verification, whole};
use crate::v1::prelude::*;

/// A code that came back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GivenCode {
    /// As it was typed; spaces, hyphens and Arabic-Indic digits are understood.
    code: String,
}

/// Check a code. Only the right one is answered with 200, and only once. A wrong one is `wrong_code`, and counts; an
/// expired one is `gone`; after too many wrong ones, or when it was used, it is `conflict`.
#[utoipa::path(post, path = "/v1/verifications/{id}/check", params(("id" = String, Path)), request_body = GivenCode,
    security(("key" = ["messages:send"])), responses((status = 200, body = Verification)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<VerificationId>,
    JsonBody(input): JsonBody<GivenCode>,
) -> Result<JsonBody<Verification>> {
    let ctx = caller.require("messages:send")?;
    calls::verify::check(&ctx, id, &input.code, caller.is_test()).await?;
    Ok(JsonBody(whole(&ctx, id).await?))
}
