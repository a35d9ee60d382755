//! `GET /v1/backup/keys`

use axum::response::Response;

use crate::v1::prelude::*;

/// A consistent copy of the keys and the safety log. Keep it apart from the data, seven days at most.
#[utoipa::path(get, path = "/v1/backup/keys", security(("key" = ["workspace:close"])),
    responses((status = 200, body = String, content_type = "application/octet-stream")))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<Response> {
    let ctx = super::owner(&caller).await?;
    super::copy(&app, &ctx, app.core.vault.db(), "barid.backup.keys").await
}
