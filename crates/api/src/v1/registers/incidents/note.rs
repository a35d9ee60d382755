//! `POST /v1/privacy/incidents/{id}/timeline`

use kernel::IncidentId;
use privacy::incidents;

use crate::v1::prelude::*;

/// An entry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentNote {
    /// When it happened; now when absent.
    at: Option<Timestamp>,
    /// What happened.
    text: String,
}

/// Write something into the timeline.
#[utoipa::path(post, path = "/v1/privacy/incidents/{id}/timeline", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 201, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<IncidentId>,
    JsonBody(input): JsonBody<IncidentNote>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    Ok((StatusCode::CREATED, JsonBody(json!(incidents::note(&ctx, id, input.at, &input.text).await?.last()))))
}
