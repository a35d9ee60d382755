//! `GET /v1/agents`

use super::{ChatAgent, shown};
use crate::v1::prelude::*;

/// Members as those who answer, by name.
#[utoipa::path(get, path = "/v1/agents", security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<ChatAgent>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<ChatAgent>>> {
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(shown(&app, &ctx, None).await?.into()))
}
