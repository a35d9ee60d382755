//! `POST /v1/conversations/{id}/assign`

use conversations::conversations as rows;
use kernel::ConversationId;
use kernel::UserId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// To whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationAssign {
    /// The member; null gives it back.
    #[schema(value_type = Option<String>)]
    user: Option<UserId>,
}

/// Give a conversation to a member, or back to nobody.
#[utoipa::path(post, path = "/v1/conversations/{id}/assign", params(("id" = String, Path)), request_body = ConversationAssign,
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationAssign>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    rows::assign(&ctx, hub, id, input.user).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
