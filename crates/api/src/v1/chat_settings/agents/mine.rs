//! `GET /v1/agents/me`

use super::{ChatAgent, one};
use crate::v1::prelude::*;

/// You, as one who answers.
#[utoipa::path(get, path = "/v1/agents/me", security(("session" = ["conversations:read"])),
    responses((status = 200, body = ChatAgent)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<ChatAgent>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(one(&app, &ctx, session.user).await?))
}
