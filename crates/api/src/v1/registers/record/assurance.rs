//! `GET /v1/privacy/assurance`

use privacy::assurance::{self, Outcome};

use crate::v1::prelude::*;

/// A self-assessment made of checks that run now: ledger, data map, rule pack, recipients, incidents, documents, purposes.
#[utoipa::path(get, path = "/v1/privacy/assurance", security(("key" = ["privacy:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    let mut checks = assurance::assess(&ctx).await?;
    checks.sort_by_key(|check| check.check);
    let worst = |outcome| checks.iter().any(|check| check.outcome == outcome);
    let overall = if worst(Outcome::Fail) {
        Outcome::Fail
    } else if worst(Outcome::Warn) {
        Outcome::Warn
    } else {
        Outcome::Ok
    };
    Ok(JsonBody(json!({ "at": ctx.now(), "overall": overall, "checks": checks })))
}
