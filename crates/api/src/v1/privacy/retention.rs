//! `GET /v1/privacy/retention`

use privacy::retention;

use super::shapes;
use crate::v1::prelude::*;

/// How long each class of records is kept here, within which bounds, and what waits for a second person.
#[utoipa::path(get, path = "/v1/privacy/retention", security(("key" = ["privacy:read"])),
    responses((status = 200, body = shapes::RetentionState)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    let settings = retention::settings(&ctx).await?;
    Ok(JsonBody(json!({
        "region": settings.region,
        "overrides": settings.classes,
        "classes": retention::effective(&ctx).await?,
        "proposals": retention::proposals(&ctx).await?,
    })))
}
