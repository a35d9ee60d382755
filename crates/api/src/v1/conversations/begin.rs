//! `POST /v1/conversations`

use conversations::lines::Begin;
use kernel::ContactId;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;

/// A conversation that a member begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewConversation {
    /// With whom.
    #[schema(value_type = String)]
    contact: ContactId,
    /// `email`, `sms`, `whatsapp`, `messenger` or `telegram`.
    channel: String,
    /// From which of your numbers or connected channels; what the person knows already when absent.
    #[serde(default)]
    account: Option<String>,
    /// The subject line, of mail.
    #[serde(default)]
    subject: Option<String>,
    /// The words.
    text: String,
    /// The approved text of which the words are what it says, where WhatsApp asks for one.
    #[serde(default)]
    template: Option<super::say::ConversationTemplate>,
}

/// Write to a contact about something they asked for, by mail, SMS or a chat app. It goes through the gate as a
/// service message, and is refused at once when the gate or the channel says no; advertising belongs into campaigns.
#[utoipa::path(post, path = "/v1/conversations", request_body = NewConversation,
    security(("key" = ["conversations:write"])), responses((status = 201, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewConversation>,
) -> Result<(StatusCode, JsonBody<ConversationFull>)> {
    let ctx = caller.require("conversations:write")?;
    people::contacts::get(&ctx, people::ReadFor::Work, input.contact).await?;
    let user = me(&caller);
    let hub = app.shell.chat().hub();
    let row = if input.channel == "email" {
        let subject = input.subject.ok_or_else(|| Problem::field("subject", "a letter has one"))?;
        let by = user.ok_or_else(|| Failure::new(Code::Forbidden, "a member begins letters; sign in"))?;
        conversations::mailing::begin(&ctx, hub, input.contact, (by, &subject, &input.text)).await?
    } else {
        let template = input.template.map(super::say::ConversationTemplate::checked).transpose()?;
        let begin = Begin { channel: input.channel, account: input.account, text: input.text, template };
        conversations::lines::begin(
            &ctx,
            (hub, app.shell.chat().carriers()),
            input.contact,
            super::author(&caller),
            begin,
        )
        .await?
    };
    Ok((StatusCode::CREATED, JsonBody(full(&app, &ctx, user, row.id).await?)))
}
