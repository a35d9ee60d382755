//! `POST /v1/privacy/approvals`

use privacy::approvals;

use super::{ApprovalDraft, SendingApproval};
use crate::v1::prelude::*;

/// Prepare an approval. Nothing is sent anywhere by this: file it, then say so.
#[utoipa::path(post, path = "/v1/privacy/approvals", request_body = ApprovalDraft,
    security(("key" = ["privacy:write"])), responses((status = 201, body = SendingApproval)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(draft): JsonBody<ApprovalDraft>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    let made = approvals::create(&ctx, &draft.into()).await?;
    Ok((StatusCode::CREATED, JsonBody(json!(made))))
}
