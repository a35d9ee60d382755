//! `POST /v1/ledger/checkpoint`

use privacy::ledger;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Sign the ledger's head. Keep the answer elsewhere: with it, rewriting the past is found.
#[utoipa::path(post, path = "/v1/ledger/checkpoint", security(("key" = ["ledger:read"])),
    responses((status = 200, body = shapes::Checkpoint)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("ledger:read")?;
    Ok(JsonBody(json!(ledger::checkpoint(&ctx).await?)))
}
