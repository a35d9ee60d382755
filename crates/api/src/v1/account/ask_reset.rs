//! `POST /v1/account/reset`

use crate::v1::prelude::*;

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ForgottenPassword {
    /// The address of the account.
    email: String,
}

/// Have a link mailed that sets a new password.
///
/// The answer does not tell whether the address has an account.
#[utoipa::path(post, path = "/v1/account/reset", request_body = ForgottenPassword, security(()),
    responses((status = 202)))]
pub(super) async fn handle(
    State(app): State<App>,
    ClientInfo(client): ClientInfo,
    JsonBody(input): JsonBody<ForgottenPassword>,
) -> Result<StatusCode> {
    app.accounts.ask_reset(&input.email, &client).await?;
    Ok(StatusCode::ACCEPTED)
}
