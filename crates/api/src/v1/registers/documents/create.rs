//! `POST /v1/privacy/documents`

use privacy::documents::{self, Draft};

use super::super::shapes;
use crate::v1::prelude::*;

/// Add a document. You are reminded before its last day.
#[utoipa::path(post, path = "/v1/privacy/documents", request_body = shapes::DocumentDraft, security(("key" = ["privacy:write"])),
    responses((status = 201, body = shapes::DocumentEntry)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<Draft>) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    Ok((StatusCode::CREATED, JsonBody(json!(documents::create(&ctx, input).await?))))
}
