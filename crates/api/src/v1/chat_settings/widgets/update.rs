//! `PUT /v1/widgets/{id}`

use super::{ChatWidget, WidgetDraft, WidgetId, changed};
use crate::v1::prelude::*;

/// Change one widget: what is written stands.
#[utoipa::path(put, path = "/v1/widgets/{id}", params(("id" = String, Path)), request_body = WidgetDraft,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = ChatWidget)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<WidgetId>,
    JsonBody(input): JsonBody<WidgetDraft>,
) -> Result<JsonBody<ChatWidget>> {
    let ctx = caller.require("conversations:manage")?;
    let changed = changed(&ctx, id, input).await?;
    Ok(JsonBody(ChatWidget::of(changed)))
}
