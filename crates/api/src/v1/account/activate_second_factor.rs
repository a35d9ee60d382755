//! `POST /v1/account/second-factor/activate`

use super::RecoveryCodes;
use crate::v1::prelude::*;

/// A code of the authenticator app.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FirstCode {
    /// The six digits the app shows now.
    code: String,
}

/// Finish setting up the authenticator app; your other sessions end.
#[utoipa::path(post, path = "/v1/account/second-factor/activate", request_body = FirstCode,
    security(("session" = [])), responses((status = 200, body = RecoveryCodes)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<FirstCode>,
) -> Result<JsonBody<RecoveryCodes>> {
    Ok(JsonBody(app.accounts.activate_totp(&signed_in.session, &input.code).await?.into()))
}
