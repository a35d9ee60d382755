//! `GET /v1/call-flows`

use super::CallFlow;
use crate::v1::prelude::*;

/// Every call flow, the oldest first.
#[utoipa::path(get, path = "/v1/call-flows", security(("key" = ["calls:read"])),
    responses((status = 200, body = Listed<CallFlow>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<CallFlow>>> {
    let ctx = caller.require("calls:read")?;
    let found = calls::flows::list(&ctx).await?.into_iter().map(CallFlow::from);
    Ok(JsonBody(found.collect::<Vec<_>>().into()))
}
