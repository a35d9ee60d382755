//! `GET /v1/campaigns/{id}/recipients`

use kernel::{CampaignId, ContactId, Page, PageRequest};
use outbound::history::{self, Engaged, Message, Outcome};
use people::contacts;
use telecom::messages::{Recipient, Which, recipients};

use crate::v1::prelude::*;

/// Which recipients are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RecipientsQuery {
    /// `all` (when absent), `sent`, `delivered`, `opened`, `clicked`, `not_opened`, `bounced`, `failed`, `denied`,
    /// `unsubscribed`, `complained`, `queued`, `in_doubt` or `cancelled`. By SMS nobody `opened`, `bounced` or `complained`.
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
    /// The number, of a campaign by SMS; null once the person is gone, and without `contacts:read`.
    phone: Option<String>,
    /// Parts of the message by SMS.
    parts: Option<u32>,
    /// What the message by SMS cost, in millionths of the balance's currency, once that is known.
    cost_micros: Option<i64>,
    /// The message.
    message: String,
    /// `queued`, `sending`, `sent`, `failed`, `bounced`, `denied`, `cancelled` or `in_doubt`; by SMS also `delivered`,
    /// `expired` and `held`.
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
        phone: None,
        parts: None,
        cost_micros: None,
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
    let campaign = campaigns::get(&ctx, id).await?;
    let limit = PageRequest { limit: query.limit, cursor: None }.limit().min(200);
    let outcome = query.outcome.unwrap_or(Outcome::All);
    if campaign.draft.texts.is_some() {
        let after = query.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
        return of_texts(&caller, &ctx, (id, outcome), (after, limit)).await;
    }
    let after = query.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
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

/// Recipients of a campaign by SMS.
async fn of_texts(
    caller: &Caller,
    ctx: &store::Ctx,
    (id, outcome): (CampaignId, Outcome),
    (after, limit): (Option<(usize, kernel::DeliveryId)>, u32),
) -> Result<JsonBody<Listed<CampaignRecipient>>> {
    let which = match outcome {
        Outcome::All => Which::All,
        Outcome::Sent => Which::Sent,
        Outcome::Delivered => Which::Delivered,
        Outcome::Clicked => Which::Clicked,
        Outcome::Failed => Which::Failed,
        Outcome::Denied => Which::Denied,
        Outcome::Unsubscribed => Which::Unsubscribed,
        Outcome::Queued => Which::Queued,
        Outcome::InDoubt => Which::InDoubt,
        Outcome::Cancelled => Which::Cancelled,
        // What no telephone tells.
        Outcome::Opened | Outcome::NotOpened | Outcome::Bounced | Outcome::Complained => {
            return Ok(JsonBody(Page { items: Vec::new(), next: None }.into()));
        }
    };
    let (found, next) = recipients(ctx, id.into(), which, (after, limit)).await?;
    let ids: Vec<ContactId> = found.iter().map(|one| one.contact).collect();
    let people = match caller.require("contacts:read") {
        Ok(_) => contacts::get_many(ctx, people::ReadFor::Work, &ids).await?,
        Err(_) => vec![None; ids.len()],
    };
    let items = found.into_iter().zip(&people).map(|(one, person)| text(one, person.as_ref())).collect();
    Ok(JsonBody(Page { items, next: next.as_ref().map(http_server::cursor::encode) }.into()))
}

fn text(one: Recipient, person: Option<&contacts::Loaded>) -> CampaignRecipient {
    CampaignRecipient {
        contact: one.contact,
        display_name: person.map(|person| person.profile.display_name()),
        email: None,
        phone: person.and_then(|person| person.profile.phone()).map(str::to_owned),
        parts: (one.parts > 0).then_some(one.parts),
        cost_micros: one.cost.map(|cost| cost.0),
        message: one.id.to_string(),
        state: one.state.as_str(),
        reason: one.reason,
        basis: one.basis,
        rule: one.rule,
        sent_at: one.sent_at,
        opened_at: None,
        clicked_at: one.clicked_at,
    }
}
