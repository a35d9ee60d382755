//! `POST /v1/privacy/assessments`

use privacy::assessments;

use super::{Assessment, AssessmentText};
use crate::v1::prelude::*;

/// Begin an assessment. Nothing may rest on it before it is approved.
#[utoipa::path(post, path = "/v1/privacy/assessments", request_body = AssessmentText,
    security(("key" = ["privacy:write"])), responses((status = 201, body = Assessment)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(text): JsonBody<AssessmentText>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    let made = assessments::create(&ctx, &text.into()).await?;
    Ok((StatusCode::CREATED, JsonBody(json!(made))))
}
