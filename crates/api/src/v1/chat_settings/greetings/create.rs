//! `POST /v1/widgets/{id}/greetings`

use super::{ChatGreeting, GreetingInput, WidgetId};
use crate::v1::prelude::*;

/// Make a greeting.
#[utoipa::path(post, path = "/v1/widgets/{id}/greetings", params(("id" = String, Path)), request_body = GreetingInput,
    security(("key" = ["conversations:manage"])), responses((status = 201, body = ChatGreeting)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<WidgetId>,
    JsonBody(input): JsonBody<GreetingInput>,
) -> Result<(StatusCode, JsonBody<ChatGreeting>)> {
    let ctx = caller.require("conversations:manage")?;
    let made = conversations::widgets::create_greeting(&ctx, id, &input.0).await?;
    Ok((StatusCode::CREATED, JsonBody(ChatGreeting::of(made))))
}
