//! `POST /v1/conversations/{id}/ban`

use conversations::conversations as rows;
use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// For how long.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationBan {
    /// Hours, 1 to 8760.
    hours: u32,
}

/// Keep the visitor from chatting for a time.
#[utoipa::path(post, path = "/v1/conversations/{id}/ban", params(("id" = String, Path)), request_body = ConversationBan,
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationBan>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    if !(1..=8760).contains(&input.hours) {
        return Err(Problem::field("hours", "expected 1 to 8760").into());
    }
    let until = ctx.now().plus_seconds(i64::from(input.hours) * 3600);
    let visitor = rows::get(&ctx, id).await?.visitor.ok_or_else(|| Failure::not_found("visitor"))?;
    conversations::visitors::ban(&ctx, hub, visitor, Some(until)).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
