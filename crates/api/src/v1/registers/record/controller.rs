//! `GET /v1/privacy/controller`

use privacy::controller;

use super::super::shapes;
use crate::v1::prelude::*;

/// Who answers for the processing: controller, representative, data protection officer, places.
#[utoipa::path(get, path = "/v1/privacy/controller", security(("key" = ["privacy:read"])),
    responses((status = 200, body = shapes::ControllerEntry)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(controller::get(&ctx).await?)))
}
