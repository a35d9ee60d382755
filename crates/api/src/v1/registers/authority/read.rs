//! `GET /v1/privacy/authority-requests/{id}`

use kernel::AuthorityRequestId;
use privacy::authority;

use crate::v1::prelude::*;

/// A request of a public authority.
#[utoipa::path(get, path = "/v1/privacy/authority-requests/{id}", params(("id" = String, Path)), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<AuthorityRequestId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(authority::get(&ctx, id).await?)))
}
