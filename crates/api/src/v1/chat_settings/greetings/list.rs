//! `GET /v1/widgets/{id}/greetings`

use super::{ChatGreeting, WidgetId};
use crate::v1::prelude::*;

/// The greetings of a widget.
#[utoipa::path(get, path = "/v1/widgets/{id}/greetings", params(("id" = String, Path)),
    security(("key" = ["conversations:read"])), responses((status = 200, body = Listed<ChatGreeting>)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<WidgetId>) -> Result<JsonBody<Listed<ChatGreeting>>> {
    let ctx = caller.require("conversations:read")?;
    conversations::widgets::get(&ctx, id).await?;
    let all = conversations::widgets::greetings(&ctx, id).await?;
    Ok(JsonBody(all.into_iter().map(ChatGreeting::of).collect::<Vec<_>>().into()))
}
