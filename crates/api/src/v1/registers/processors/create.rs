//! `POST /v1/privacy/processors`

use privacy::processors::{self, Details};

use crate::v1::prelude::*;

/// Add a recipient as a draft. Places name their countries by themselves.
#[utoipa::path(post, path = "/v1/privacy/processors", request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 201, body = Json)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Details>) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    Ok((StatusCode::CREATED, JsonBody(json!(processors::create(&ctx, input).await?))))
}
