//! `PUT /v1/privacy/assessments/{id}`

use kernel::AssessmentId;
use privacy::assessments;

use super::{Assessment, AssessmentText};
use crate::v1::prelude::*;

/// A draft written anew.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessmentRewrite {
    /// The version that was read.
    version: i64,
    /// The whole text.
    text: AssessmentText,
}

/// Write a draft anew. A live assessment is renewed instead.
#[utoipa::path(put, path = "/v1/privacy/assessments/{id}", params(("id" = String, Path)),
    request_body = AssessmentRewrite, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Assessment)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<AssessmentId>,
    JsonBody(input): JsonBody<AssessmentRewrite>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(assessments::update(&ctx, id, input.version, &input.text.into()).await?)))
}
