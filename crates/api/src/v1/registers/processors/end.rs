//! `POST /v1/privacy/processors/{id}/end`

use kernel::ProcessorId;
use privacy::processors;

use crate::v1::prelude::*;

/// When a recipient ends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ending {
    /// Now when absent.
    at: Option<Timestamp>,
}

/// End a recipient, now or later; the entry stays.
#[utoipa::path(post, path = "/v1/privacy/processors/{id}/end", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ProcessorId>,
    JsonBody(input): JsonBody<Ending>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(processors::end(&ctx, id, input.at).await?)))
}
