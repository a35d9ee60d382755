//! `PUT /v1/privacy/processors/{id}`

use kernel::ProcessorId;
use privacy::processors::{self, Details, Enable};

use crate::v1::prelude::*;

/// What a recipient shall be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcessorChange {
    /// The version the change was made against.
    version: i64,
    /// All of it anew.
    details: Details,
    /// When it takes effect; 30 days from now when absent.
    effective_at: Option<Timestamp>,
    /// Why sooner than 30 days from now.
    short_notice: Option<String>,
}

/// Change a recipient: a draft at once, an enabled one with notice ahead.
#[utoipa::path(put, path = "/v1/privacy/processors/{id}", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ProcessorId>,
    JsonBody(input): JsonBody<ProcessorChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let when = Enable { effective_at: input.effective_at, short_notice: input.short_notice };
    Ok(JsonBody(json!(processors::update(&ctx, id, input.version, input.details, when).await?)))
}
