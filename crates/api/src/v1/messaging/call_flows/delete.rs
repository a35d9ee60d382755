//! `DELETE /v1/call-flows/{id}`

use kernel::FlowId;

use crate::v1::prelude::*;
use crate::v1::trail;

/// Delete a call flow. Nobody answers its numbers from then on.
#[utoipa::path(delete, path = "/v1/call-flows/{id}", params(("id" = String, Path)), security(("key" = ["calls:write"])),
    responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<FlowId>) -> Result<StatusCode> {
    let ctx = caller.require("calls:write")?;
    calls::flows::remove(&ctx, id).await?;
    trail::note(&ctx, "call_flow.deleted", &[&id]).await?;
    Ok(StatusCode::NO_CONTENT)
}
