//! `POST /v1/privacy/approvals/{id}/submit`

use kernel::ApprovalId;
use privacy::approvals;

use super::{ApprovalAnswer, SendingApproval};
use crate::v1::prelude::*;

/// Say that a draft was filed with the authority or the carrier.
#[utoipa::path(post, path = "/v1/privacy/approvals/{id}/submit", params(("id" = String, Path)),
    request_body = ApprovalAnswer, security(("key" = ["privacy:write"])),
    responses((status = 200, body = SendingApproval)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ApprovalId>,
    JsonBody(input): JsonBody<ApprovalAnswer>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let (version, answer) = input.split();
    Ok(JsonBody(json!(approvals::submit(&ctx, id, version, &answer).await?)))
}
