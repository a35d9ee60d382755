//! `GET /v1/widgets/{id}`

use super::{ChatWidget, WidgetId, slice};
use crate::v1::prelude::*;

/// One widget.
#[utoipa::path(get, path = "/v1/widgets/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:read"])), responses((status = 200, body = ChatWidget)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<WidgetId>) -> Result<JsonBody<ChatWidget>> {
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(ChatWidget::of(slice::get(&ctx, id).await?)))
}
