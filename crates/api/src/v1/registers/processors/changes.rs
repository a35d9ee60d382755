//! `GET /v1/privacy/processor-changes`

use privacy::processors;

use crate::v1::prelude::*;

/// Published changes of recipients, newest first.
#[utoipa::path(get, path = "/v1/privacy/processor-changes", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(processors::history(&ctx, 1_000).await?.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
