//! `POST /v1/account/second-factor/recovery-codes`

use super::RecoveryCodes;
use crate::v1::prelude::*;

/// A code that proves the second factor is still at hand.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnyCode {
    /// A code of the app, or an old recovery code.
    code: String,
}

/// Replace the recovery codes.
#[utoipa::path(post, path = "/v1/account/second-factor/recovery-codes", request_body = AnyCode,
    security(("session" = [])), responses((status = 200, body = RecoveryCodes)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<AnyCode>,
) -> Result<JsonBody<RecoveryCodes>> {
    Ok(JsonBody(app.accounts.renew_recovery_codes(signed_in.session.user, &input.code).await?.into()))
}
