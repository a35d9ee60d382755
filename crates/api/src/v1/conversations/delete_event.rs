//! `DELETE /v1/conversations/{id}/events/{seq}`

use conversations::conversations as rows;
use kernel::ConversationId;

use crate::v1::prelude::*;

/// Destroy what an event says; that there was one stays.
#[utoipa::path(delete, path = "/v1/conversations/{id}/events/{seq}", params(("id" = String, Path), ("seq" = i64, Path)),
    security(("key" = ["conversations:write"])), responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path((id, seq)): Path<(ConversationId, i64)>,
) -> Result<StatusCode> {
    let ctx = caller.require("conversations:write")?;
    rows::delete_event(&ctx, app.shell.chat().hub(), id, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}
