//! `POST /v1/privacy/processor-imports`

use privacy::processors;

use crate::v1::prelude::*;

/// A table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcessorTable {
    /// CSV with a header.
    csv: String,
}

/// Take a table (CSV with the columns name and location, and mechanism, service, role, website, data) into the register as drafts. Duplicates are left out with a warning.
#[utoipa::path(post, path = "/v1/privacy/processor-imports", request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<ProcessorTable>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(processors::import(&ctx, &input.csv).await?)))
}
