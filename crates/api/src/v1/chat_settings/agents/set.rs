//! `PUT /v1/agents/{id}`

use super::{AgentChange, ChatAgent, UserId, one, slice};
use crate::v1::prelude::*;

/// Say it for another member. Whether people may see a name is that member's own to say.
#[utoipa::path(put, path = "/v1/agents/{id}", params(("id" = String, Path)), request_body = AgentChange,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = ChatAgent)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<UserId>,
    JsonBody(input): JsonBody<AgentChange>,
) -> Result<JsonBody<ChatAgent>> {
    let ctx = caller.require("conversations:manage")?;
    one(&app, &ctx, id).await?;
    if input.show_name.is_some() || input.shown_name.is_some() {
        return Err(Problem::field("shown_name", "is the member's own to say").into());
    }
    slice::update(&ctx, app.shell.chat().hub(), id, input.read()).await?;
    Ok(JsonBody(one(&app, &ctx, id).await?))
}
