//! `POST /v1/privacy/authority-requests/{id}/close`

use kernel::AuthorityRequestId;
use privacy::authority;

use crate::v1::prelude::*;

/// Close a request: answered when something was handed out, refused otherwise.
#[utoipa::path(post, path = "/v1/privacy/authority-requests/{id}/close", params(("id" = String, Path)), security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<AuthorityRequestId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(authority::close(&ctx, id).await?)))
}
