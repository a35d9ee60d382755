//! `GET /v1/suppressions`

use privacy::suppression;

use crate::v1::prelude::*;

/// How many blocks there are, by scope and reason.
#[utoipa::path(get, path = "/v1/suppressions", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let counts = suppression::counts(&ctx).await?;
    Ok(JsonBody(counts.iter().map(|count| json!(count)).collect::<Vec<_>>().into()))
}
