//! `GET /v1/privacy/assessments/{id}/versions`

use kernel::AssessmentId;
use privacy::assessments;

use super::AssessmentVersion;
use crate::v1::prelude::*;

/// What an assessment said over time, newest first.
#[utoipa::path(get, path = "/v1/privacy/assessments/{id}/versions", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = Listed<AssessmentVersion>)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<AssessmentId>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    assessments::get(&ctx, id).await?;
    let found = assessments::versions(&ctx, id).await?;
    Ok(JsonBody(found.iter().map(|one| json!(one)).collect::<Vec<_>>().into()))
}
