//! `POST /v1/outreach/hygiene/run`

use people::hygiene;

use crate::v1::prelude::*;

/// How a run is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HygieneRun {
    /// Only count who would go.
    #[serde(default)]
    dry_run: bool,
}

/// What a run found.
#[derive(Serialize, ToSchema)]
pub(super) struct HygieneReport {
    /// The run: `id`, `at`, `actor`, `dry_run`, `prospects`, `enriched`, `erased` by reason.
    run: Json,
}

/// Look now for prospects whose time is over; unless it is a dry run they are erased.
#[utoipa::path(post, path = "/v1/outreach/hygiene/run", request_body = HygieneRun,
    security(("key" = ["contacts:erase"])), responses((status = 200, body = HygieneReport)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<HygieneRun>) -> Result<JsonBody<HygieneReport>> {
    let ctx = caller.require("contacts:erase")?;
    Ok(JsonBody(HygieneReport { run: json!(hygiene::run(&ctx, input.dry_run).await?) }))
}
