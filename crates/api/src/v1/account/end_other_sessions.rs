//! `DELETE /v1/account/sessions`

use crate::v1::prelude::*;

/// End all your sessions but this one.
#[utoipa::path(delete, path = "/v1/account/sessions", security(("session" = [])), responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, signed_in: SignedIn) -> Result<StatusCode> {
    app.accounts.end_other_sessions(signed_in.session.user, Some(signed_in.session.id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
