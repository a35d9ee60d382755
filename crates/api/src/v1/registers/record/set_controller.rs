//! `PUT /v1/privacy/controller`

use privacy::controller::{self, Controller};

use super::super::shapes;
use crate::v1::prelude::*;

/// Say who answers for the processing, all of it anew.
#[utoipa::path(put, path = "/v1/privacy/controller", request_body = shapes::ControllerEntry, security(("key" = ["privacy:write"])),
    responses((status = 200, body = shapes::ControllerEntry)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Controller>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(controller::set(&ctx, input).await?)))
}
