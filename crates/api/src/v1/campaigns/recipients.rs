//! `GET /v1/campaigns/{id}/recipients`

use kernel::{CampaignId, ContactId, Page, PageRequest};
use outbound::history::{self, Engaged, Message, Outcome};
use people::contacts;

use crate::v1::prelude::*;

/// Which recipients are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RecipientsQuery {
    /// `all` (when absent), `sent`, `delivered`, `opened`, `clicked`, `not_opened`, `bounced`, `failed`, `denied`,
    /// `unsubscribed`, `complained`, `queued`, `in_doubt` or `cancelled`.
    #[param(value_type = Option<String>)]
    outcome: Option<Outcome>,
    /// How many, 1 to 200; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// One recipient of a campaign.
#[derive(Serialize, ToSchema)]
pub(super) struct CampaignRecipient {
    #[schema(value_type = String)]
    contact: ContactId,
    /// Name, else company, address or number; null once the person is gone, and without `contacts:read`.
    display_name: Option<String>,
    email: Option<String>,
    /// The message.
    message: String,
    /// `queued`, `sending`, `sent`, `failed`, `bounced`, `denied`, `cancelled` or `in_doubt`.
    state: &'static str,
    /// Why: a reason of the gate, or a class of bounces.
    reason: Option<String>,
    /// The lawful basis it rests on; empty when denied.
    basis: String,
    /// The row of the rule pack that decided.
    rule: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// As far as the person allows counting.
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    clicked_at: Option<Timestamp>,
}

fn shown((message, engaged): (Message, Engaged), person: Option<&contacts::Loaded>) -> CampaignRecipient {
    CampaignRecipient {
        contact: message.contact,
        display_name: person.map(|person| person.profile.display_name()),
        email: person.and_then(|person| person.profile.email()).map(ToString::to_string),
        message: message.id.to_string(),
        state: message.state.as_str(),
        reason: message.reason,
        basis: message.basis,
        rule: message.rule,
        sent_at: message.sent_at,
        opened_at: engaged.opened_at,
        clicked_at: engaged.clicked_at,
    }
}

/// The people of a campaign by what became of their message. A page may hold fewer than asked for while there are more.
#[utoipa::path(get, path = "/v1/campaigns/{id}/recipients", params(("id" = String, Path), RecipientsQuery),
    security(("key" = ["messages:read"])), responses((status = 200, body = Listed<CampaignRecipient>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<CampaignId>,
    Query(query): Query<RecipientsQuery>,
) -> Result<JsonBody<Listed<CampaignRecipient>>> {
    let ctx = caller.require("messages:read")?;
    campaigns::get(&ctx, id).await?;
    let limit = PageRequest { limit: query.limit, cursor: None }.limit().min(200);
    let after = query.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let outcome = query.outcome.unwrap_or(Outcome::All);
    let (found, next) = history::recipients(&ctx, id.into(), outcome, (after, limit)).await?;
    let ids: Vec<ContactId> = found.iter().map(|(message, _)| message.contact).collect();
    // Names and addresses are for those who may see contacts.
    let people = match caller.require("contacts:read") {
        Ok(_) => contacts::get_many(&ctx, people::ReadFor::Work, &ids).await?,
        Err(_) => vec![None; ids.len()],
    };
    let items = found.into_iter().zip(&people).map(|(one, person)| shown(one, person.as_ref())).collect();
    Ok(JsonBody(Page { items, next: next.as_ref().map(http_server::cursor::encode) }.into()))
}
