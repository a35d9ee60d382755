//! `POST /v1/conversations/{id}/supervise`

use conversations::conversations as rows;
use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// Whether.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationSupervise {
    /// Begin, or stop.
    on: bool,
}

/// Read along with a conversation, or stop.
#[utoipa::path(post, path = "/v1/conversations/{id}/supervise", params(("id" = String, Path)), request_body = ConversationSupervise,
    security(("key" = ["conversations:read"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationSupervise>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:read")?;
    rows::get(&ctx, id).await?;
    let user = me(&caller).ok_or_else(|| Failure::new(Code::Forbidden, "keys supervise nothing"))?;
    rows::supervise(&ctx, id, user, input.on).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
