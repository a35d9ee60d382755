//! `GET /v1/privacy/incidents/{id}`

use kernel::IncidentId;
use privacy::incidents;

use crate::v1::prelude::*;

/// An incident with its clocks.
#[utoipa::path(get, path = "/v1/privacy/incidents/{id}", params(("id" = String, Path)), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<IncidentId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(incidents::get(&ctx, id).await?)))
}
