//! `GET /v1/privacy/incident-notices/{id}`

use kernel::IncidentNoticeId;
use privacy::incidents;

use crate::v1::prelude::*;

/// A notice about an incident.
#[utoipa::path(get, path = "/v1/privacy/incident-notices/{id}", params(("id" = String, Path)), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<IncidentNoticeId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(incidents::get_notice(&ctx, id).await?)))
}
