//! `POST /v1/widgets`

use super::{ChatWidget, WidgetDraft, slice};
use crate::v1::prelude::*;

/// Make one widget.
#[utoipa::path(post, path = "/v1/widgets", request_body = WidgetDraft, security(("key" = ["conversations:manage"])),
    responses((status = 201, body = ChatWidget)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<WidgetDraft>,
) -> Result<(StatusCode, JsonBody<ChatWidget>)> {
    let ctx = caller.require("conversations:manage")?;
    let made = slice::create(&ctx, &input.name, &input.settings).await?;
    Ok((StatusCode::CREATED, JsonBody(ChatWidget::of(made))))
}
