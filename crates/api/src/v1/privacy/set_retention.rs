//! `PUT /v1/privacy/retention`

use privacy::retention::{self, Settings};

use super::shapes;
use crate::v1::prelude::*;

/// Choose periods within the bounds of the classes.
///
/// The body is `{"region", "classes": {NAME: {"period", "by_region"}}}`; what is absent counts as the class
/// says. A period below a legal minimum is not set but proposed: another member confirms it.
#[utoipa::path(put, path = "/v1/privacy/retention", request_body = shapes::RetentionWanted, security(("key" = ["privacy:write"])),
    responses((status = 200, body = shapes::RetentionChanged)))]
pub(super) async fn handle(caller: Caller, JsonBody(wanted): JsonBody<Json>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let wanted: Settings = serde_json::from_value(wanted).map_err(|error| {
        Problem::field("classes", format!("{error}; nothing is kept for ever (see docs/reference/retention.md)"))
    })?;
    let proposed = retention::configure(&ctx, wanted).await?;
    Ok(JsonBody(json!({ "classes": retention::effective(&ctx).await?, "proposed": proposed })))
}
