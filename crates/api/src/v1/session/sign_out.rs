//! `DELETE /v1/session`

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::v1::prelude::*;

/// Sign out.
#[utoipa::path(delete, path = "/v1/session", security(("session" = [])), responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, signed_in: SignedIn) -> Result<Response> {
    app.accounts.end_session(signed_in.session.user, signed_in.session.id).await?;
    app.shell.streams().end(signed_in.session.id);
    app.shell.presence().end(signed_in.session.id);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, app.toolbox.sign_out_cookie())]).into_response())
}
