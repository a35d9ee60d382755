//! `DELETE /v1/conversations/{id}`

use conversations::conversations as rows;
use kernel::ConversationId;

use crate::v1::prelude::*;

/// Erase a conversation for good: events, files, ratings. The person stays; to erase them, erase the contact.
#[utoipa::path(delete, path = "/v1/conversations/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:manage"])), responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<StatusCode> {
    let ctx = caller.require("conversations:manage")?;
    rows::erase(&ctx, app.shell.chat().hub(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
