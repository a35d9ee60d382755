//! `GET /v1/setup/checklist`

use super::onboarding::{SetupChecklist, list};
use crate::v1::prelude::*;

/// What is to be done before the first campaign, step by step.
#[utoipa::path(get, path = "/v1/setup/checklist", security(("key" = ["workspace:read"])),
    responses((status = 200, body = SetupChecklist)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<SetupChecklist>> {
    let ctx = caller.require("workspace:read")?;
    Ok(JsonBody(list(&app, &ctx).await?))
}
