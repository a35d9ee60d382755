//! `POST /v1/call-flows`

use super::CallFlow;
use super::CallFlowDefinition;
use crate::v1::prelude::*;
use crate::v1::trail;

/// Make a call flow. Complaints name step and field, such as `steps[2].text`.
#[utoipa::path(post, path = "/v1/call-flows", request_body = CallFlowDefinition, security(("key" = ["calls:write"])),
    responses((status = 201, body = CallFlow)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<CallFlowDefinition>,
) -> Result<(StatusCode, JsonBody<CallFlow>)> {
    let ctx = caller.require("calls:write")?;
    let made = calls::flows::add(&ctx, &input.read()?).await?;
    trail::note(&ctx, "call_flow.created", &[&made.id]).await?;
    Ok((StatusCode::CREATED, JsonBody(made.into())))
}
