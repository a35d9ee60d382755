//! `GET /v1/workspaces`

use accounts::members;

use crate::v1::prelude::*;

/// The workspaces you belong to, with your role there.
#[utoipa::path(get, path = "/v1/workspaces", security(("session" = [])), responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(State(app): State<App>, signed_in: SignedIn) -> Result<JsonBody<Listed<Json>>> {
    let memberships = members::of(&app.core, signed_in.session.user).await?;
    Ok(JsonBody(memberships.iter().map(|membership| json!(membership)).collect::<Vec<_>>().into()))
}
