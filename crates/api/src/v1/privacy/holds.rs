//! `GET /v1/privacy/holds`

use privacy::retention;

use super::shapes;
use crate::v1::prelude::*;

/// What must stay although its time is over, and why; the newest first, lifted holds included.
#[utoipa::path(get, path = "/v1/privacy/holds", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::HoldEntry>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!({ "items": retention::holds(&ctx).await? })))
}
