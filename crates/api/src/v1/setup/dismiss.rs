//! `PUT /v1/setup/checklist`

use super::onboarding::{SetupChecklist, change, list};
use crate::v1::prelude::*;

/// Whether the checklist is to be seen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetupDismissal {
    /// Nobody wants to see it any more.
    dismissed: bool,
}

/// Put the checklist away, or take it out again.
#[utoipa::path(put, path = "/v1/setup/checklist", request_body = SetupDismissal,
    security(("key" = ["workspace:write"])), responses((status = 200, body = SetupChecklist)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<SetupDismissal>,
) -> Result<JsonBody<SetupChecklist>> {
    let ctx = caller.require("workspace:write")?;
    change(&ctx, |onboarding| onboarding.dismissed = input.dismissed).await?;
    Ok(JsonBody(list(&app, &ctx).await?))
}
