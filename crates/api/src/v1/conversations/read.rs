//! `GET /v1/conversations/{id}`

use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// One conversation with everything about it.
#[utoipa::path(get, path = "/v1/conversations/{id}", params(("id" = String, Path)),
    security(("key" = ["conversations:read"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
