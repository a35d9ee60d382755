//! `POST /v1/conversations/{id}/contact`

use conversations::conversations as rows;
use kernel::ConversationId;
use kernel::{ContactId, Email};
use people::contacts;
use privacy::provenance::Method;

use super::me;
use super::shapes::{ConversationFull, full};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Who it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConversationContact {
    /// The contact; null unlinks.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    contact: Option<ContactId>,
    /// The address of the contact to find or make.
    #[serde(default)]
    email: Option<String>,
    /// What a new contact is called.
    #[serde(default)]
    name: Option<String>,
}

/// Say who the visitor is: a contact, or nobody we know. With an address a contact is found or made.
#[utoipa::path(post, path = "/v1/conversations/{id}/contact", params(("id" = String, Path)), request_body = ConversationContact,
    security(("key" = ["conversations:write"])), responses((status = 200, body = ConversationFull)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<ConversationContact>,
) -> Result<JsonBody<ConversationFull>> {
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    let row = rows::get(&ctx, id).await?;
    // Somebody of whom nothing is known but what a chat app says is a subject of their own, as a visitor is.
    let unknown = conversations::lines::is_line(row.channel.as_str()) && row.contact != Some(row.subject);
    if row.visitor.is_none() && !unknown {
        return Err(Failure::new(Code::Conflict, "this conversation is its contact's own"));
    }
    let contact = match (input.contact, &input.email) {
        (Some(contact), _) => {
            contacts::get(&ctx, people::ReadFor::Work, contact).await?;
            Some(contact)
        }
        (None, Some(email)) => {
            let email = Email::parse(email).map_err(|_| Problem::field("email", "expected an e-mail address"))?;
            Some(if let Some(contact) = contacts::by_email(&ctx, &email).await? {
                contact
            } else {
                let mut draft = contacts::Draft { emails: vec![email], ..contacts::Draft::default() };
                if let Some(name) = input.name.filter(|name| !name.trim().is_empty()) {
                    draft.values.insert(contacts::Standard::FirstName, name);
                }
                let origin = contacts::Origin { method: Method::Chat, source: "chat".to_owned() };
                contacts::create(&ctx, draft, &origin).await?
            })
        }
        (None, None) => None,
    };
    match (row.visitor, contact) {
        (Some(visitor), Some(contact)) => {
            conversations::visitors::link_contact(&ctx, hub, visitor, contact).await?;
        }
        (Some(visitor), None) => conversations::visitors::unlink(&ctx, hub, visitor).await?,
        (None, contact) => conversations::lines::link(&ctx, hub, row.subject, contact).await?,
    }
    trail::note(&ctx, "conversation.linked", &[&id]).await?;
    Ok(JsonBody(full(&app, &ctx, me(&caller), id).await?))
}
