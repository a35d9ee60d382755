//! `PUT /v1/agents/me/photo`

use axum::body::Bytes;

use super::{ChatAgent, one, slice};
use crate::v1::prelude::*;

/// Put your photo there: a PNG, JPEG or WebP picture of at most 512 KiB, as the body. What the camera wrote into it is
/// taken out. People see it beside the name that you show them.
#[utoipa::path(put, path = "/v1/agents/me/photo",
    request_body(content = String, content_type = "application/octet-stream"),
    security(("session" = ["conversations:write"])), responses((status = 200, body = ChatAgent)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller, body: Bytes) -> Result<JsonBody<ChatAgent>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    slice::set_photo(&ctx, app.shell.chat().hub(), session.user, &body).await?;
    Ok(JsonBody(one(&app, &ctx, session.user).await?))
}
