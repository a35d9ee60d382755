//! `GET /v1/setup`

use crate::v1::prelude::*;

/// Whether the installation waits for its owner.
#[derive(Serialize, ToSchema)]
pub(super) struct SetupAnswer {
    /// Nobody owns it: the link that the console printed is needed.
    needed: bool,
}

/// Whether this server waits for its first owner.
#[utoipa::path(get, path = "/v1/setup", security(()), responses((status = 200, body = SetupAnswer)))]
pub(super) async fn handle(State(app): State<App>) -> Result<JsonBody<SetupAnswer>> {
    Ok(JsonBody(SetupAnswer { needed: !app.shell.setup().is_owned(&app.accounts).await? }))
}
