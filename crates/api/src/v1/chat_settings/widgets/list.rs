//! `GET /v1/widgets`

use super::{ChatWidget, slice};
use crate::v1::prelude::*;

/// Every widget.
#[utoipa::path(get, path = "/v1/widgets", security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<ChatWidget>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<ChatWidget>>> {
    let ctx = caller.require("conversations:read")?;
    let all = slice::list(&ctx).await?;
    Ok(JsonBody(all.into_iter().map(ChatWidget::of).collect::<Vec<_>>().into()))
}
