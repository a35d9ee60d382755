//! `POST /v1/canned-replies`

use super::{CannedDraft, CannedReply, slice};
use crate::v1::prelude::*;

/// Make one prepared answer.
#[utoipa::path(post, path = "/v1/canned-replies", request_body = CannedDraft, security(("key" = ["conversations:manage"])),
    responses((status = 201, body = CannedReply)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<CannedDraft>,
) -> Result<(StatusCode, JsonBody<CannedReply>)> {
    let ctx = caller.require("conversations:manage")?;
    let made = slice::put(&ctx, None, &input.read()).await?;
    Ok((StatusCode::CREATED, JsonBody(CannedReply::of(made))))
}
