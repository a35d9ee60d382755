//! `DELETE /v1/account/sessions/{id}`

use kernel::SessionId;

use crate::v1::prelude::*;

/// End one of your sessions.
#[utoipa::path(delete, path = "/v1/account/sessions/{id}", params(("id" = String, Path)), security(("session" = [])),
    responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    signed_in: SignedIn,
    Path(id): Path<SessionId>,
) -> Result<StatusCode> {
    app.accounts.end_session(signed_in.session.user, id).await?;
    app.shell.streams().end(id);
    app.shell.presence().end(id);
    Ok(StatusCode::NO_CONTENT)
}
