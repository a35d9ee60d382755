//! `POST /v1/privacy/authority-requests`

use privacy::authority::{self, Intake};

use crate::v1::prelude::*;

/// Take down a request of a public authority, with the four checks.
#[utoipa::path(post, path = "/v1/privacy/authority-requests", request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 201, body = Json)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Intake>) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    Ok((StatusCode::CREATED, JsonBody(json!(authority::create(&ctx, input).await?))))
}
