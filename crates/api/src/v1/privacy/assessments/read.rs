//! `GET /v1/privacy/assessments/{id}`

use kernel::AssessmentId;
use privacy::assessments;

use super::Assessment;
use crate::v1::prelude::*;

/// An assessment.
#[utoipa::path(get, path = "/v1/privacy/assessments/{id}", params(("id" = String, Path)),
    security(("key" = ["privacy:read"])), responses((status = 200, body = Assessment)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<AssessmentId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(assessments::get(&ctx, id).await?)))
}
