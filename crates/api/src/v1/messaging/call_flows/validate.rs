//! `POST /v1/call-flows/validate`

use super::CallFlowDefinition;
use crate::v1::prelude::*;

/// Check a call flow without keeping it; answers it as it is understood, with every default.
#[utoipa::path(post, path = "/v1/call-flows/validate", request_body = CallFlowDefinition,
    security(("key" = ["calls:read"])), responses((status = 200, body = CallFlowDefinition)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<CallFlowDefinition>,
) -> Result<JsonBody<CallFlowDefinition>> {
    caller.require("calls:read")?;
    Ok(JsonBody(CallFlowDefinition::from(&input.read()?)))
}
