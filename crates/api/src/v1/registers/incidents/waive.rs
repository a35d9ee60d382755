//! `POST /v1/privacy/incidents/{id}/waive`

use kernel::IncidentId;
use privacy::incidents::{self, Audience};

use crate::v1::prelude::*;

/// Who need not be told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentWaiver {
    /// `customers`, `authority` or `subjects`.
    audience: Audience,
    /// Why.
    reason: String,
}

/// Record that an audience need not be told, and why; its clock stops.
#[utoipa::path(post, path = "/v1/privacy/incidents/{id}/waive", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<IncidentId>,
    JsonBody(input): JsonBody<IncidentWaiver>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(incidents::waive(&ctx, id, input.audience, &input.reason).await?)))
}
