//! `POST /v1/conversations/{id}/snooze`

use conversations::conversations as rows;
use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// Until when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationSnooze {
    /// Until when, at most a year away.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Put a conversation out of sight until an instant, or until the person writes.
#[utoipa::path(post, path = "/v1/conversations/{id}/snooze", params(("id" = String, Path)), request_body = ConversationSnooze,
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationSnooze>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    rows::snooze(&ctx, hub, id, input.until).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
