//! `GET /v1/outreach/hygiene`

use people::hygiene;

use crate::v1::prelude::*;

/// How long prospects are kept, and what the last runs found.
#[derive(Serialize, ToSchema)]
pub(super) struct HygieneAnswer {
    /// `touches`, `answer_days`, `quiet_days`, `lead_months`, `enriched_days`.
    policy: Json,
    /// The newest runs: `id`, `at`, `actor`, `dry_run`, `prospects`, `enriched`, `erased` by reason.
    runs: Vec<Json>,
}

/// How long prospects are kept, and the last fifty runs.
#[utoipa::path(get, path = "/v1/outreach/hygiene", security(("key" = ["privacy:read"])),
    responses((status = 200, body = HygieneAnswer)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<HygieneAnswer>> {
    let ctx = caller.require("privacy:read")?;
    let runs = hygiene::runs(&ctx, None, 50).await?.iter().map(|run| json!(run)).collect();
    Ok(JsonBody(HygieneAnswer { policy: json!(hygiene::policy(&ctx).await?), runs }))
}
