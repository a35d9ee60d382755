//! `POST /v1/privacy/activities`

use privacy::business_activities::{self, Draft};

use super::BusinessActivity;
use crate::v1::prelude::*;

/// A business activity to be recorded.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ActivityDraft {
    /// Its code in the register, such as `62.10`; unique.
    code: String,
    /// What it is.
    description: String,
    /// Which register, such as `NACE`.
    #[serde(default)]
    register: String,
}

/// Record a business activity. Campaigns to people who did not ask name the one they belong to.
#[utoipa::path(post, path = "/v1/privacy/activities", request_body = ActivityDraft,
    security(("key" = ["privacy:write"])), responses((status = 201, body = BusinessActivity)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<ActivityDraft>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    let draft = Draft { code: input.code, description: input.description, register: input.register };
    Ok((StatusCode::CREATED, JsonBody(json!(business_activities::create(&ctx, &draft).await?))))
}
