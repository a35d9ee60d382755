//! `POST /v1/privacy/assessments/{id}/end`

use kernel::AssessmentId;
use privacy::assessments;

use super::Assessment;
use crate::v1::prelude::*;

/// The end of an assessment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessmentEnd {
    /// The version that was read.
    version: i64,
}

/// End an assessment for good. From now on nothing that rests on it alone is sent.
#[utoipa::path(post, path = "/v1/privacy/assessments/{id}/end", params(("id" = String, Path)),
    request_body = AssessmentEnd, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Assessment)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<AssessmentId>,
    JsonBody(input): JsonBody<AssessmentEnd>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(assessments::end(&ctx, id, input.version).await?)))
}
