//! `PUT /v1/privacy/approvals/{id}`

use kernel::ApprovalId;
use privacy::approvals;

use super::{ApprovalDraft, SendingApproval};
use crate::v1::prelude::*;

/// A draft written anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ApprovalRewrite {
    /// The version that was read.
    version: i64,
    /// What is to be filed, as a whole.
    draft: ApprovalDraft,
}

/// Write a draft anew.
#[utoipa::path(put, path = "/v1/privacy/approvals/{id}", params(("id" = String, Path)),
    request_body = ApprovalRewrite, security(("key" = ["privacy:write"])),
    responses((status = 200, body = SendingApproval)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ApprovalId>,
    JsonBody(input): JsonBody<ApprovalRewrite>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(approvals::update(&ctx, id, input.version, &input.draft.into()).await?)))
}
