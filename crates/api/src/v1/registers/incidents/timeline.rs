//! `GET /v1/privacy/incidents/{id}/timeline`

use kernel::IncidentId;
use privacy::incidents;

use crate::v1::prelude::*;

/// The timeline of an incident.
#[utoipa::path(get, path = "/v1/privacy/incidents/{id}/timeline", params(("id" = String, Path)), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<IncidentId>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(incidents::timeline(&ctx, id).await?.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
