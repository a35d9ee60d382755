//! `POST /v1/session/second-factor`

use axum::response::Response;

use super::{SignedInAnswer, opened};
use crate::v1::prelude::*;

/// The second step of a sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SecondStep {
    /// The challenge that the first step answered.
    challenge: String,
    /// A code of the authenticator app, or a recovery code.
    code: String,
}

/// Finish signing in with a code.
#[utoipa::path(post, path = "/v1/session/second-factor", request_body = SecondStep, security(()),
    responses((status = 200, body = SignedInAnswer)))]
pub(super) async fn handle(
    State(app): State<App>,
    ClientInfo(client): ClientInfo,
    JsonBody(input): JsonBody<SecondStep>,
) -> Result<Response> {
    let session = app.accounts.second_factor(&input.challenge, &input.code, &client).await?;
    Ok(opened(&app, &session))
}
