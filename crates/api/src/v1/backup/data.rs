//! `GET /v1/backup/data`

use axum::response::Response;

use crate::v1::prelude::*;

/// A consistent copy of the data; personal values in it are sealed.
#[utoipa::path(get, path = "/v1/backup/data", security(("key" = ["workspace:close"])),
    responses((status = 200, body = String, content_type = "application/octet-stream")))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<Response> {
    let ctx = super::owner(&caller).await?;
    super::copy(&app, &ctx, &app.core.db, "barid.backup").await
}
