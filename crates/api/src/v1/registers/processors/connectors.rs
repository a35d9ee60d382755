//! `GET /v1/privacy/connectors`

use privacy::connectors;

use crate::v1::prelude::*;

/// The ways by which data leave this server, what the other end is in law, and who stands behind it.
#[utoipa::path(get, path = "/v1/privacy/connectors", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(connectors::assigned(&ctx).await?.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
