//! `POST /v1/conversations/{id}/typing`

use conversations::{agents, conversations as rows};
use kernel::ConversationId;

use crate::v1::prelude::*;

/// Whether you type.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationTyping {
    /// Begins, or ends.
    on: bool,
}

/// Say that you type; it is told and not kept.
#[utoipa::path(post, path = "/v1/conversations/{id}/typing", params(("id" = String, Path)),
    request_body = ConversationTyping, security(("key" = ["conversations:write"])), responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationTyping>,
) -> Result<StatusCode> {
    let ctx = caller.require("conversations:write")?;
    let row = rows::get(&ctx, id).await?;
    if let Some(user) = super::me(&caller) {
        let name = agents::shown_name(&ctx, Some(user)).await?;
        app.shell.chat().hub().typing(ctx.workspace, &row, Some((user, name)), input.on);
    }
    Ok(StatusCode::NO_CONTENT)
}
