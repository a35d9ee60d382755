//! `PUT /v1/agents/me`

use super::{AgentChange, ChatAgent, one, slice};
use crate::v1::prelude::*;

/// Say whether you accept conversations, how many, and under which name people see you.
#[utoipa::path(put, path = "/v1/agents/me", request_body = AgentChange,
    security(("session" = ["conversations:write"])), responses((status = 200, body = ChatAgent)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<AgentChange>,
) -> Result<JsonBody<ChatAgent>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    slice::update(&ctx, app.shell.chat().hub(), session.user, input.read()).await?;
    Ok(JsonBody(one(&app, &ctx, session.user).await?))
}
