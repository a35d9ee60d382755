//! `POST /v1/account/reset/confirm`

use super::Whose;
use crate::v1::prelude::*;

/// A new password in place of a forgotten one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// What stands in the mailed link.
    token: String,
    /// The new password.
    password: String,
}

/// Set a new password with the link that was mailed; every session ends.
#[utoipa::path(post, path = "/v1/account/reset/confirm", request_body = NewPassword, security(()),
    responses((status = 200, body = Whose)))]
pub(super) async fn handle(State(app): State<App>, JsonBody(input): JsonBody<NewPassword>) -> Result<JsonBody<Whose>> {
    Ok(JsonBody(Whose { user: app.accounts.reset(&input.token, &input.password).await? }))
}
