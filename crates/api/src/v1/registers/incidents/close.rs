//! `POST /v1/privacy/incidents/{id}/close`

use kernel::IncidentId;
use privacy::incidents;

use crate::v1::prelude::*;

/// The end of an incident.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentReport {
    /// What happened, what was done, what was learned.
    report: String,
}

/// Close an incident with its report. 409 names what is missing.
#[utoipa::path(post, path = "/v1/privacy/incidents/{id}/close", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<IncidentId>,
    JsonBody(input): JsonBody<IncidentReport>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(incidents::close(&ctx, id, &input.report).await?)))
}
