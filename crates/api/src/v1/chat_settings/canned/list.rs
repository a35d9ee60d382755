//! `GET /v1/canned-replies`

use super::{CannedReply, slice};
use crate::v1::prelude::*;

/// Every prepared answer.
#[utoipa::path(get, path = "/v1/canned-replies", security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<CannedReply>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<CannedReply>>> {
    let ctx = caller.require("conversations:read")?;
    let all = slice::list(&ctx).await?;
    Ok(JsonBody(all.into_iter().map(CannedReply::of).collect::<Vec<_>>().into()))
}
