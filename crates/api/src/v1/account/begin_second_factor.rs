//! `POST /v1/account/second-factor`

use crate::v1::prelude::*;

/// The password, asked again before what matters.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordAgain {
    /// The account's password.
    password: String,
}

/// What an authenticator app needs. Shown this once.
#[derive(Serialize, ToSchema)]
pub(super) struct EnrolmentAnswer {
    /// The secret to type in (base32).
    secret: String,
    /// The same as an `otpauth:` address, for a QR code.
    uri: String,
}

/// Begin to set up an authenticator app; nothing changes until it is activated with a code.
#[utoipa::path(post, path = "/v1/account/second-factor", request_body = PasswordAgain, security(("session" = [])),
    responses((status = 200, body = EnrolmentAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<PasswordAgain>,
) -> Result<JsonBody<EnrolmentAnswer>> {
    let begun = app.accounts.enrol_totp(signed_in.session.user, &input.password).await?;
    Ok(JsonBody(EnrolmentAnswer { secret: begun.secret.into_inner(), uri: begun.uri.into_inner() }))
}
