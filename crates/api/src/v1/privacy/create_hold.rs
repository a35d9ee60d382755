//! `POST /v1/privacy/holds`

use privacy::retention::{self, NewHold};

use super::shapes;
use crate::v1::prelude::*;

/// Keep records although their time is over: of a class, of a person, or of a person in a class.
///
/// The body is `{"kind": "tax" | "dispute" | "government_order", "class", "subject", "reason", "ends_on"}`.
#[utoipa::path(post, path = "/v1/privacy/holds", request_body = shapes::HoldDraft, security(("key" = ["privacy:write"])),
    responses((status = 201, body = shapes::HoldEntry)))]
pub(super) async fn handle(caller: Caller, JsonBody(new): JsonBody<Json>) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    let new: NewHold = serde_json::from_value(new).map_err(|error| Problem::field("kind", error.to_string()))?;
    Ok((StatusCode::CREATED, JsonBody(json!(retention::hold(&ctx, new).await?))))
}
