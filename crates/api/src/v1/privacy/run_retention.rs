//! `POST /v1/privacy/retention/run`

use privacy::retention::{self, Mode};

use crate::v1::prelude::*;

/// How to run.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HowToRun {
    /// Only count what is due (the default).
    #[serde(default = "yes")]
    dry_run: bool,
}

const fn yes() -> bool {
    true
}

/// Count what is past its class, or end it now instead of within the hour.
#[utoipa::path(post, path = "/v1/privacy/retention/run", request_body = HowToRun,
    security(("key" = ["privacy:write"])), responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller, JsonBody(how): JsonBody<HowToRun>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let mode = if how.dry_run { Mode::Dry } else { Mode::Real };
    Ok(JsonBody(json!(retention::run(&ctx, mode, retention::BUDGET).await?)))
}
