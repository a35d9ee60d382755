//! `POST /v1/privacy/assessments/{id}/renew`

use kernel::AssessmentId;
use privacy::assessments::{self, Period};

use super::{Assessment, AssessmentText};
use crate::v1::prelude::*;

/// A review: what the assessment says now, and for how long.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssessmentRenewal {
    /// The version that was read.
    version: i64,
    /// The whole text; the purpose stays.
    text: AssessmentText,
    /// From when it holds; now when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    start: Option<Timestamp>,
    /// Until when; twelve months after the start at most, and when absent.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// Review a live assessment, also one whose time ran out. Claims that cite it hold on.
#[utoipa::path(post, path = "/v1/privacy/assessments/{id}/renew", params(("id" = String, Path)),
    request_body = AssessmentRenewal, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Assessment)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<AssessmentId>,
    JsonBody(input): JsonBody<AssessmentRenewal>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let period = Period { start: input.start, expires_at: input.expires_at };
    Ok(JsonBody(json!(assessments::renew(&ctx, id, input.version, (&input.text.into(), period)).await?)))
}
