//! `POST /v1/privacy/incidents/{id}/notices`

use kernel::IncidentId;
use privacy::incidents::{self, Audience};

use crate::v1::prelude::*;

/// To whom.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentAudience {
    /// `customers`, `authority` or `subjects`.
    audience: Audience,
}

/// Draft the next notice to an audience (`customers`, `authority`, `subjects`) from what is known now.
#[utoipa::path(post, path = "/v1/privacy/incidents/{id}/notices", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 201, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<IncidentId>,
    JsonBody(input): JsonBody<IncidentAudience>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    Ok((StatusCode::CREATED, JsonBody(json!(incidents::draft(&ctx, id, input.audience).await?))))
}
