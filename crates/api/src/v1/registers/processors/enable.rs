//! `POST /v1/privacy/processors/{id}/enable`

use kernel::ProcessorId;
use privacy::processors::{self, Enable};

use crate::v1::prelude::*;

/// When a recipient begins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Enabling {
    /// When it takes effect; 30 days from now when absent.
    effective_at: Option<Timestamp>,
    /// Why sooner than 30 days from now.
    short_notice: Option<String>,
}

/// Put a complete recipient into use, announced 30 days ahead unless you say why not. 409 names what is missing.
#[utoipa::path(post, path = "/v1/privacy/processors/{id}/enable", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ProcessorId>,
    JsonBody(input): JsonBody<Enabling>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let when = Enable { effective_at: input.effective_at, short_notice: input.short_notice };
    Ok(JsonBody(json!(processors::enable(&ctx, id, when).await?)))
}
