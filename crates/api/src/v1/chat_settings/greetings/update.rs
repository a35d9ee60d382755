//! `PUT /v1/greetings/{id}`

use super::{ChatGreeting, GreetingId, GreetingInput};
use crate::v1::prelude::*;

/// Change a greeting: what is written stands.
#[utoipa::path(put, path = "/v1/greetings/{id}", params(("id" = String, Path)), request_body = GreetingInput,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = ChatGreeting)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<GreetingId>,
    JsonBody(input): JsonBody<GreetingInput>,
) -> Result<JsonBody<ChatGreeting>> {
    let ctx = caller.require("conversations:manage")?;
    Ok(JsonBody(ChatGreeting::of(conversations::widgets::update_greeting(&ctx, id, &input.0).await?)))
}
