//! `GET /v1/privacy/approvals/{id}`

use kernel::ApprovalId;
use privacy::approvals;

use super::SendingApproval;
use crate::v1::prelude::*;

/// An approval of sending.
#[utoipa::path(get, path = "/v1/privacy/approvals/{id}", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = SendingApproval)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<ApprovalId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(approvals::get(&ctx, id).await?)))
}
