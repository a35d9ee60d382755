//! `POST /v1/privacy/assessments/{id}/approve`

use kernel::AssessmentId;
use privacy::assessments;

use super::{Assessment, AssessmentPeriod};
use crate::v1::prelude::*;

/// Approve a draft: you are its reviewer, and from its start on claims may rest on it.
#[utoipa::path(post, path = "/v1/privacy/assessments/{id}/approve", params(("id" = String, Path)),
    request_body = AssessmentPeriod, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Assessment)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<AssessmentId>,
    JsonBody(input): JsonBody<AssessmentPeriod>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(assessments::approve(&ctx, id, input.version, input.period()).await?)))
}
