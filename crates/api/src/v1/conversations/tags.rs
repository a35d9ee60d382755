//! `PUT /v1/conversations/{id}/tags`

use conversations::conversations as rows;
use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// Tags.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationTags {
    /// At most 30.
    tags: Vec<String>,
}

/// Give the newest thread exactly these tags. Case counts.
#[utoipa::path(put, path = "/v1/conversations/{id}/tags", params(("id" = String, Path)), request_body = ConversationTags,
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationTags>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    rows::get(&ctx, id).await?;
    rows::set_tags(&ctx, hub, id, &input.tags).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
