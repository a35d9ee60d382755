//! `GET /v1/privacy/processors`

use privacy::processors;

use crate::v1::prelude::*;

/// Every recipient of data in the register, drafts included.
#[utoipa::path(get, path = "/v1/privacy/processors", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(processors::list(&ctx).await?.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
