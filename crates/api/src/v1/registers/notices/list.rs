//! `GET /v1/privacy/notices`

use privacy::notices;

use crate::v1::prelude::*;

/// The version in force of every notice, without the texts.
#[utoipa::path(get, path = "/v1/privacy/notices", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(notices::heads(&ctx).await?.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
