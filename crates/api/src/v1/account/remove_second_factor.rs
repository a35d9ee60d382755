//! `POST /v1/account/second-factor/remove`

use crate::v1::prelude::*;

/// What it takes to remove the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Removal {
    /// The account's password.
    password: String,
    /// A code of the app, or a recovery code.
    code: String,
}

/// Remove the second factor.
#[utoipa::path(post, path = "/v1/account/second-factor/remove", request_body = Removal, security(("session" = [])),
    responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    JsonBody(input): JsonBody<Removal>,
) -> Result<StatusCode> {
    app.accounts.remove_second_factor(signed_in.session.user, &input.password, &input.code).await?;
    Ok(StatusCode::NO_CONTENT)
}
