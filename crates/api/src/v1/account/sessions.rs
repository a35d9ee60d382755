//! `GET /v1/account/sessions`

use crate::v1::prelude::*;

/// Your sessions, oldest first; `current` marks this one.
#[utoipa::path(get, path = "/v1/account/sessions", security(("session" = [])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(State(app): State<App>, signed_in: SignedIn) -> Result<JsonBody<Listed<Json>>> {
    let sessions = app.accounts.list_sessions(signed_in.session.user).await?;
    let shown = sessions.iter().map(|session| {
        let mut shown = json!(session);
        shown["current"] = json!(session.id == signed_in.session.id);
        shown
    });
    Ok(JsonBody(shown.collect::<Vec<_>>().into()))
}
