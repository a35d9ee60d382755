//! `GET /v1/contacts/{id}/messages`

use std::collections::BTreeMap;

use campaigns::SourceName;
use kernel::{ContactId, DeliveryId, Page, PageRequest, RawId, TopicId};
use outbound::history::{self, Engaged, Message};
use people::{contacts, topics};
use store::Ctx;

use crate::v1::prelude::*;

/// One message to a person, and on what it rests.
#[derive(Serialize, ToSchema)]
pub(super) struct ContactMessage {
    id: String,
    /// What it belongs to: a campaign's or a sequence's id; null for what the house itself writes.
    source: Option<String>,
    /// `campaign`, `sequence` or `notice`.
    source_kind: &'static str,
    /// The campaign's or sequence's name.
    name: Option<String>,
    channel: String,
    purpose: String,
    topic: Option<String>,
    topic_name: Option<String>,
    /// `queued`, `sending`, `sent`, `failed`, `bounced`, `denied`, `cancelled` or `in_doubt`.
    state: &'static str,
    /// Why: a reason of the gate, or a class of bounces.
    reason: Option<String>,
    /// The next hop's status code.
    status: Option<String>,
    /// The lawful basis it rests on; empty when denied.
    basis: String,
    /// The row of the rule pack that decided.
    rule: String,
    /// The version of that pack.
    pack: String,
    /// The ledger event behind the basis.
    claim: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// When the person opened it first, as far as they allow counting.
    #[schema(value_type = Option<String>, format = DateTime)]
    opened_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    clicked_at: Option<Timestamp>,
    opens: u64,
    clicks: u64,
    /// Whether the person left by it.
    unsubscribed: bool,
    /// Whether they reported it as spam.
    complained: bool,
}

/// Names of what messages refer to.
pub(super) struct Names {
    pub(super) sources: BTreeMap<RawId, SourceName>,
    pub(super) topics: BTreeMap<TopicId, String>,
}

impl Names {
    pub(super) async fn of(ctx: &Ctx, messages: &[(Message, Engaged)]) -> Result<Self> {
        let sources: Vec<RawId> = messages.iter().map(|(message, _)| message.source).collect();
        Ok(Self { sources: campaigns::names_of(ctx, &sources).await?, topics: topic_names(ctx).await? })
    }
}

/// The topics' names.
pub(super) async fn topic_names(ctx: &Ctx) -> Result<BTreeMap<TopicId, String>> {
    Ok(topics::list(ctx).await?.into_iter().map(|topic| (topic.id, topic.name)).collect())
}

fn shown((message, engaged): (Message, Engaged), names: &Names) -> ContactMessage {
    let source = names.sources.get(&message.source);
    ContactMessage {
        id: message.id.to_string(),
        source: source.map(|source| source.id.clone()),
        source_kind: source.map_or("notice", |source| source.kind),
        name: source.map(|source| source.name.clone()),
        channel: message.channel,
        purpose: message.purpose,
        topic: message.topic.map(|topic| topic.to_string()),
        topic_name: message.topic.and_then(|topic| names.topics.get(&topic).cloned()),
        state: message.state.as_str(),
        reason: message.reason,
        status: message.status,
        basis: message.basis,
        rule: message.rule,
        pack: message.pack,
        claim: message.claim.map(|claim| claim.to_string()),
        created_at: message.created_at,
        sent_at: message.sent_at,
        opened_at: engaged.opened_at,
        clicked_at: engaged.clicked_at,
        opens: engaged.opens,
        clicks: engaged.clicks,
        unsubscribed: engaged.unsubscribed,
        complained: engaged.complained,
    }
}

/// The messages to a person, newest first: what they belong to, how each stands and why, under which rule and basis,
/// and what the person did with it.
#[utoipa::path(get, path = "/v1/contacts/{id}/messages", params(("id" = String, Path), PageQuery),
    security(("key" = ["messages:read"])), responses((status = 200, body = Listed<ContactMessage>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ContactId>,
    Query(page): Query<PageQuery>,
) -> Result<JsonBody<Listed<ContactMessage>>> {
    let ctx = caller.require("messages:read")?;
    contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let page = PageRequest::from(page);
    let before: Option<DeliveryId> = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let limit = page.limit();
    let found = history::of_contact(&ctx, id, before, limit + 1).await?;
    let names = Names::of(&ctx, &found).await?;
    let found: Page<_> = http_server::cursor::page(found, limit, |(message, _)| message.id);
    Ok(JsonBody(Listed::of(found, |one| shown(one, &names))))
}
