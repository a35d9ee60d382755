//! `GET /v1/privacy/datamap`

use privacy::retention;

use crate::v1::prelude::*;

/// What every table and column holds, about whom, for how long and how it ends.
#[utoipa::path(get, path = "/v1/privacy/datamap", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!({ "items": retention::data_map(&ctx).await? })))
}
