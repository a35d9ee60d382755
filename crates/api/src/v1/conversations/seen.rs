//! `POST /v1/conversations/{id}/seen`

use conversations::conversations as rows;
use kernel::ConversationId;

use crate::v1::prelude::*;

/// How far you have read.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationRead {
    /// Up to which event.
    seq: i64,
}

/// Say how far you have read; the person sees it.
#[utoipa::path(post, path = "/v1/conversations/{id}/seen", params(("id" = String, Path)),
    request_body = ConversationRead, security(("key" = ["conversations:read"])), responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationRead>,
) -> Result<StatusCode> {
    let ctx = caller.require("conversations:read")?;
    let row = rows::get(&ctx, id).await?;
    if let Some(user) = super::me(&caller) {
        rows::mark_seen(&ctx, app.shell.chat().hub(), &row, Some(user), input.seq).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
