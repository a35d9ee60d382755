//! `POST /v1/account/password`

use crate::v1::prelude::*;

/// A change of password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    /// The password so far.
    old: String,
    /// The new one.
    new: String,
}

/// Change your password; your other sessions end.
#[utoipa::path(post, path = "/v1/account/password", request_body = PasswordChange, security(("session" = [])),
    responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<PasswordChange>,
) -> Result<StatusCode> {
    app.accounts.change_password(&signed_in.session, &input.old, &input.new).await?;
    Ok(StatusCode::NO_CONTENT)
}
