//! `PUT /v1/call-flows/{id}`

use kernel::FlowId;

use super::{CallFlow, CallFlowDefinition};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Another flow in the place of one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallFlowChange {
    /// What happens.
    flow: CallFlowDefinition,
    /// The version that was read: somebody else's change in between is a conflict. Absent: it does not matter.
    #[serde(default)]
    version: Option<u32>,
}

/// Change a call flow. Calls under way go on with what they began with.
#[utoipa::path(put, path = "/v1/call-flows/{id}", params(("id" = String, Path)), request_body = CallFlowChange,
    security(("key" = ["calls:write"])), responses((status = 200, body = CallFlow)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<FlowId>,
    JsonBody(input): JsonBody<CallFlowChange>,
) -> Result<JsonBody<CallFlow>> {
    let ctx = caller.require("calls:write")?;
    let changed = calls::flows::change(&ctx, id, &input.flow.read()?, input.version).await?;
    trail::note(&ctx, "call_flow.updated", &[&id]).await?;
    Ok(JsonBody(changed.into()))
}
