//! `PUT /v1/privacy/incidents/{id}`

use kernel::IncidentId;
use privacy::incidents::{self, Details, Kind};

use crate::v1::prelude::*;

/// What is known now.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentChange {
    /// The version the change was made against.
    version: i64,
    /// `breach` or `exposure_risk`.
    kind: Kind,
    /// All of it anew.
    details: Details,
}

/// Change what is known of an incident, all of it anew. The assessment of the risk stops the own clock.
#[utoipa::path(put, path = "/v1/privacy/incidents/{id}", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<IncidentId>,
    JsonBody(input): JsonBody<IncidentChange>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(incidents::update(&ctx, id, input.version, input.kind, input.details).await?)))
}
