//! `GET /v1/call-flows/{id}/numbers`

use kernel::FlowId;

use super::CallFlowNumbers;
use crate::v1::prelude::*;

/// The numbers whose calls a flow answers.
#[utoipa::path(get, path = "/v1/call-flows/{id}/numbers", params(("id" = String, Path)),
    security(("key" = ["calls:read"])), responses((status = 200, body = CallFlowNumbers)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<FlowId>) -> Result<JsonBody<CallFlowNumbers>> {
    let ctx = caller.require("calls:read")?;
    Ok(JsonBody(CallFlowNumbers { numbers: calls::flows::numbers(&ctx, id).await? }))
}
