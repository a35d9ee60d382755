//! `POST /v1/conversations`

use kernel::ContactId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// A conversation by mail that a member begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewConversation {
    /// With whom.
    #[schema(value_type = String)]
    contact: ContactId,
    /// `email`.
    channel: String,
    /// The subject line.
    subject: String,
    /// The words.
    text: String,
}

/// Write to a contact about something they asked for. It goes through the gate as a service message; advertising
/// belongs into campaigns.
#[utoipa::path(post, path = "/v1/conversations", request_body = NewConversation,
    security(("key" = ["conversations:write"])), responses((status = 201, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewConversation>,
) -> Result<(StatusCode, JsonBody<ConversationFull>)> {
    let ctx = caller.require("conversations:write")?;
    if input.channel != "email" {
        return Err(Problem::field("channel", "conversations are begun by email").into());
    }
    people::contacts::get(&ctx, people::ReadFor::Work, input.contact).await?;
    let user = me(&caller).ok_or_else(|| Failure::new(Code::Forbidden, "a member begins conversations; sign in"))?;
    let hub = app.shell.chat().hub();
    let row = conversations::mailing::begin(&ctx, hub, input.contact, (user, &input.subject, &input.text)).await?;
    Ok((StatusCode::CREATED, JsonBody(full(&app, &ctx, Some(user), row.id).await?)))
}
