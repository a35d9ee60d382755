//! `POST /v1/conversations/{id}/close`

use conversations::conversations as rows;
use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// End the open thread. Twice is fine.
#[utoipa::path(post, path = "/v1/conversations/{id}/close", params(("id" = String, Path)),
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    rows::close(&ctx, hub, id, conversations::EndedBy::Agent).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
