//! `DELETE /v1/agents/me/photo`

use super::slice;
use crate::v1::prelude::*;

/// Take your photo away.
#[utoipa::path(delete, path = "/v1/agents/me/photo", security(("session" = ["conversations:write"])),
    responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    slice::remove_photo(&ctx, app.shell.chat().hub(), session.user).await?;
    Ok(StatusCode::NO_CONTENT)
}
