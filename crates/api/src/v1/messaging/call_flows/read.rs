//! `GET /v1/call-flows/{id}`

use kernel::FlowId;

use super::CallFlow;
use crate::v1::prelude::*;

/// One call flow.
#[utoipa::path(get, path = "/v1/call-flows/{id}", params(("id" = String, Path)), security(("key" = ["calls:read"])),
    responses((status = 200, body = CallFlow)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<FlowId>) -> Result<JsonBody<CallFlow>> {
    let ctx = caller.require("calls:read")?;
    Ok(JsonBody(calls::flows::find(&ctx, id).await?.into()))
}
