//! `GET /v1/privacy/notice-versions/{id}`

use kernel::NoticeId;
use privacy::notices;

use crate::v1::prelude::*;

/// A version of a notice, in force or not.
#[utoipa::path(get, path = "/v1/privacy/notice-versions/{id}", params(("id" = String, Path)), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<NoticeId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(notices::get(&ctx, id).await?)))
}
