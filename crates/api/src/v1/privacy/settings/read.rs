//! `GET /v1/privacy/settings`

use privacy::gate;

use super::GateSettings;
use crate::v1::prelude::*;

/// What the workspace decides about its own sending.
#[utoipa::path(get, path = "/v1/privacy/settings", security(("key" = ["privacy:read"])),
    responses((status = 200, body = GateSettings)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(gate::settings(&ctx).await?)))
}
