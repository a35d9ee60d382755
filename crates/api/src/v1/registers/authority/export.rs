//! `POST /v1/privacy/authority-requests/{id}/export`

use kernel::AuthorityRequestId;
use privacy::authority;

use crate::v1::prelude::*;

/// Hand out the named categories of the named period, and nothing else. 409 names the checks that do not hold.
#[utoipa::path(post, path = "/v1/privacy/authority-requests/{id}/export", params(("id" = String, Path)), security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<AuthorityRequestId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(authority::export(&ctx, id).await?)))
}
