//! `POST /v1/privacy/approvals/{id}/reject`

use kernel::ApprovalId;
use privacy::approvals;

use super::{ApprovalAnswer, SendingApproval};
use crate::v1::prelude::*;

/// Say that what was filed was refused, or that a granted approval was taken back.
#[utoipa::path(post, path = "/v1/privacy/approvals/{id}/reject", params(("id" = String, Path)),
    request_body = ApprovalAnswer, security(("key" = ["privacy:write"])),
    responses((status = 200, body = SendingApproval)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ApprovalId>,
    JsonBody(input): JsonBody<ApprovalAnswer>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let (version, answer) = input.split();
    Ok(JsonBody(json!(approvals::reject(&ctx, id, version, &answer).await?)))
}
