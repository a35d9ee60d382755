//! `POST /v1/conversations/{id}/transfer`

use conversations::conversations as rows;
use kernel::ConversationId;
use kernel::{GroupId, UserId};

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// To whom.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationTransfer {
    /// The group.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    group: Option<GroupId>,
    /// The member.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    user: Option<UserId>,
    /// A note, for members only.
    #[serde(default)]
    note: Option<String>,
}

/// Hand a conversation on to a group or a member, with an optional note for whoever gets it.
#[utoipa::path(post, path = "/v1/conversations/{id}/transfer", params(("id" = String, Path)), request_body = ConversationTransfer,
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationTransfer>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    let target = match (input.group, input.user) {
        (Some(group), None) => rows::Target::Group(group),
        (None, Some(user)) => rows::Target::Agent(user),
        _ => return Err(Problem::field("group", "name a group or a user").into()),
    };
    let note = input.note.as_deref().map(conversations::text::message).transpose()?;
    rows::transfer(&ctx, hub, id, target, (super::author(&caller), note)).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
