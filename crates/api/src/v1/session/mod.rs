//! The session of a browser.

mod read;
mod second_factor;
mod sign_in;
mod sign_out;

use accounts::users::NewSession;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("session": sign_in, second_factor, read, sign_out)
}

/// What came of a sign-in.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedInAnswer {
    /// Whose session it is.
    #[schema(value_type = String)]
    user: kernel::UserId,
    /// When it ends at the latest.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// The answer that puts a session into the browser's cookie.
pub(super) fn opened(app: &App, session: &NewSession) -> Response {
    let answer = SignedInAnswer { user: session.user, expires_at: session.expires_at };
    ([(header::SET_COOKIE, app.toolbox.sign_in_cookie(session))], JsonBody(answer)).into_response()
}
