//! `POST /v1/session`

use accounts::users::SignIn;
use axum::response::{IntoResponse, Response};

use super::{SignedInAnswer, opened};
use crate::v1::prelude::*;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credentials {
    /// The e-mail address of the account.
    email: String,
    /// Its password.
    password: String,
}

/// A right password, and a second factor still to come.
#[derive(Serialize, ToSchema)]
pub(super) struct Challenged {
    /// Always true.
    second_factor: bool,
    /// Give it back with a code within five minutes.
    challenge: String,
}

/// Sign in with address and password.
///
/// Answers 200 and a session cookie, or 202 and a challenge when the account has a second factor.
#[utoipa::path(post, path = "/v1/session", request_body = Credentials, security(()),
    responses((status = 200, body = SignedInAnswer), (status = 202, body = Challenged)))]
pub(super) async fn handle(
    State(app): State<App>,
    ClientInfo(client): ClientInfo,
    JsonBody(input): JsonBody<Credentials>,
) -> Result<Response> {
    Ok(match app.accounts.sign_in(&input.email, &input.password, &client).await? {
        SignIn::Session(session) => opened(&app, &session),
        SignIn::SecondFactor { challenge } => {
            (StatusCode::ACCEPTED, JsonBody(Challenged { second_factor: true, challenge })).into_response()
        }
    })
}
