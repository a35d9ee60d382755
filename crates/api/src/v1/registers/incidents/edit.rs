//! `PUT /v1/privacy/incident-notices/{id}`

use kernel::IncidentNoticeId;
use privacy::announcements::Letter;
use privacy::incidents;

use crate::v1::prelude::*;

/// Change the text of a draft, in both languages.
#[utoipa::path(put, path = "/v1/privacy/incident-notices/{id}", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<IncidentNoticeId>,
    JsonBody(input): JsonBody<Letter>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(incidents::edit(&ctx, id, input).await?)))
}
