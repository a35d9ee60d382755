//! `GET /v1/privacy/approvals`

use privacy::approvals;

use super::SendingApproval;
use crate::v1::prelude::*;

/// The approvals of sending, newest first.
#[utoipa::path(get, path = "/v1/privacy/approvals", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<SendingApproval>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let found = approvals::list(&ctx).await?;
    Ok(JsonBody(found.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
