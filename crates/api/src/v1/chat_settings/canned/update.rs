//! `PUT /v1/canned-replies/{id}`

use super::{CannedDraft, CannedId, CannedReply, slice};
use crate::v1::prelude::*;

/// Change one prepared answer: what is written stands.
#[utoipa::path(put, path = "/v1/canned-replies/{id}", params(("id" = String, Path)), request_body = CannedDraft,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = CannedReply)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<CannedId>,
    JsonBody(input): JsonBody<CannedDraft>,
) -> Result<JsonBody<CannedReply>> {
    let ctx = caller.require("conversations:manage")?;
    let changed = slice::put(&ctx, Some(id), &input.read()).await?;
    Ok(JsonBody(CannedReply::of(changed)))
}
