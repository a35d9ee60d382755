//! `GET /v1/contacts/{id}/timeline`

use kernel::{ContactId, PageRequest};
use outbound::history;
use people::events;
use people::segments::conditions::EventKind;
use people::{contacts, tags};
use privacy::provenance::{self, Method};
use privacy::{ledger, requests};
use store::Ctx;

use super::messages::Names;
use crate::v1::prelude::*;

/// The most entries of one kind that are looked at: one person's story is short.
const MOST: u32 = 5000;

/// Every kind of entry.
const KINDS: [&str; 10] =
    ["created", "message", "event", "consent", "topic", "tag", "import", "enrichment", "request", "reply"];

/// Which entries are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TimelineQuery {
    /// Kinds, separated by commas; every kind when absent.
    kinds: Option<String>,
    /// How many, 1 to 1000; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// What an entry says besides; what does not apply is absent.
#[derive(Default, Serialize, ToSchema)]
pub(super) struct TimelineDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pack: Option<String>,
    /// Who caused an open or a click: `human`, `probable_machine` or `machine`.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    /// Where values came from, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

/// One entry of somebody's story.
#[derive(Serialize, ToSchema)]
pub(super) struct TimelineEntry {
    /// Unique among the person's entries.
    id: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `created`, `message`, `event`, `consent`, `topic`, `tag`, `import`, `enrichment`, `request` or `reply`.
    kind: &'static str,
    /// What happened, as a code of its kind.
    what: String,
    /// The id of what it speaks of.
    r#ref: Option<String>,
    /// That thing's name.
    name: Option<String>,
    detail: TimelineDetail,
}

fn entry(kind: &'static str, at: Timestamp, what: &str, about: Option<String>) -> TimelineEntry {
    let id = format!("{kind}.{}.{}", about.as_deref().unwrap_or(what), at.0);
    TimelineEntry { id, at, kind, what: what.to_owned(), r#ref: about, name: None, detail: TimelineDetail::default() }
}

async fn messages(ctx: &Ctx, id: ContactId, out: &mut Vec<TimelineEntry>) -> Result<()> {
    let found = history::of_contact(ctx, id, None, MOST).await?;
    let names = Names::of(ctx, &found).await?;
    for (message, _) in found {
        let at = message.sent_at.unwrap_or(message.created_at);
        let mut shown = entry("message", at, message.state.as_str(), Some(message.id.to_string()));
        let source = names.sources.get(&message.source);
        shown.name = source.map(|source| source.name.clone());
        shown.detail = TimelineDetail {
            campaign: source.map(|source| source.id.clone()),
            campaign_name: source.map(|source| source.name.clone()),
            message: Some(message.id.to_string()),
            reason: message.reason,
            basis: Some(message.basis).filter(|basis| !basis.is_empty()),
            rule: Some(message.rule),
            pack: Some(message.pack),
            purpose: Some(message.purpose),
            channel: Some(message.channel),
            topic: message.topic.and_then(|topic| names.topics.get(&topic).cloned()),
            ..TimelineDetail::default()
        };
        out.push(shown);
    }
    Ok(())
}

async fn happened(ctx: &Ctx, id: ContactId, out: &mut Vec<TimelineEntry>) -> Result<()> {
    let mut found = events::of(ctx, id, MOST).await?;
    // That a message left stands with the message.
    found.retain(|event| !matches!(event.kind, EventKind::Sent | EventKind::Delivered));
    let campaigns: Vec<kernel::RawId> = found.iter().filter_map(|event| event.campaign).map(Into::into).collect();
    let names = campaigns::names_of(ctx, &campaigns).await?;
    for (place, event) in found.into_iter().enumerate() {
        let source = event.campaign.and_then(|campaign| names.get(&campaign.0));
        let mut shown = entry("event", event.at, event.kind.as_str(), event.message.map(|id| id.to_string()));
        // The same link may be followed twice in one instant.
        shown.id = format!("{}.{place}", shown.id);
        shown.name = source.map(|source| source.name.clone());
        shown.detail = TimelineDetail {
            campaign: source.map(|source| source.id.clone()),
            campaign_name: source.map(|source| source.name.clone()),
            message: event.message.map(|id| id.to_string()),
            class: Some(event.class.as_str()),
            ..TimelineDetail::default()
        };
        out.push(shown);
    }
    Ok(())
}

async fn consent(ctx: &Ctx, id: ContactId, out: &mut Vec<TimelineEntry>) -> Result<()> {
    let topics = super::messages::topic_names(ctx).await?;
    for found in ledger::history(ctx, id).await? {
        let header = found.event.header;
        let text = |member: &str| header.get(member).and_then(Json::as_str).map(str::to_owned);
        let Some(at) = text("at").and_then(|at| at.parse::<Timestamp>().ok()) else { continue };
        let mut shown = entry("consent", at, &text("kind").unwrap_or_default(), text("id"));
        let topic: Option<kernel::TopicId> = text("topic").and_then(|topic| topic.parse().ok());
        shown.detail = TimelineDetail {
            basis: text("basis"),
            purpose: text("purpose"),
            channel: text("channel"),
            state: text("state"),
            topic: topic.and_then(|topic| topics.get(&topic).cloned()),
            ..TimelineDetail::default()
        };
        out.push(shown);
    }
    Ok(())
}

async fn known(ctx: &Ctx, contact: &contacts::Contact, out: &mut Vec<TimelineEntry>) -> Result<()> {
    let id = contact.loaded.id;
    out.push(entry("created", contact.loaded.created_at, "created", Some(id.to_string())));
    for topic in &contact.topics {
        let shown = entry("topic", topic.at, topic.state.as_str(), Some(topic.topic.to_string()));
        out.push(TimelineEntry { name: Some(topic.name.clone()), ..shown });
    }
    for (tag, name, at) in tags::since(ctx, id).await? {
        out.push(TimelineEntry { name: Some(name), ..entry("tag", at, "tagged", Some(tag.to_string())) });
    }
    for source in provenance::get_many(ctx, &contact.loaded.profile.sources).await? {
        let kind = match source.method {
            Method::Import | Method::Purchased => "import",
            Method::Enrichment | Method::PublicSource | Method::InferredPattern | Method::VerifiedByTool => {
                "enrichment"
            }
            _ => continue,
        };
        let import = source.detail.get("import").and_then(Json::as_str).map(str::to_owned);
        let about = import.unwrap_or_else(|| source.id.to_string());
        let mut shown = entry(kind, source.created_at, &source.method.to_string(), Some(about));
        shown.detail.source = Some(source.source);
        out.push(shown);
    }
    Ok(())
}

async fn asked(ctx: &Ctx, id: ContactId, out: &mut Vec<TimelineEntry>) -> Result<()> {
    for request in requests::of_subject(ctx, id).await? {
        let code = |value: Json| value.as_str().unwrap_or_default().to_owned();
        let what = code(json!(request.kind));
        let mut shown = entry("request", request.received_at, &what, Some(request.id.to_string()));
        shown.detail.state = Some(code(json!(request.state)));
        out.push(shown);
    }
    Ok(())
}

async fn answered(ctx: &Ctx, id: ContactId, out: &mut Vec<TimelineEntry>) -> Result<()> {
    for message in mail::incoming::of_contact(ctx, id).await? {
        let mut shown = entry("reply", message.created_at, &message.kind, Some(message.id.to_string()));
        shown.detail.reason = message.intent;
        shown.detail.message = message.delivery.map(|id| id.to_string());
        out.push(shown);
    }
    Ok(())
}

/// What a caller wants to see, checked.
fn wanted(kinds: Option<&str>) -> Result<Vec<&str>, Problem> {
    let Some(kinds) = kinds.filter(|kinds| !kinds.is_empty()) else { return Ok(KINDS.to_vec()) };
    let kinds: Vec<&str> = kinds.split(',').map(str::trim).collect();
    match kinds.iter().find(|kind| !KINDS.contains(kind)) {
        None => Ok(kinds),
        Some(_) => Err(Problem::field("kinds", format!("expected some of {}", KINDS.join(", ")))),
    }
}

/// One person's story, newest first: messages with their decision, what they did, consent, topics, tags, imports,
/// enrichment, requests and answers. Words of messages, answers and evidence stand where they are read one by one.
#[utoipa::path(get, path = "/v1/contacts/{id}/timeline", params(("id" = String, Path), TimelineQuery),
    security(("key" = ["contacts:read"])), responses((status = 200, body = Listed<TimelineEntry>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ContactId>,
    Query(query): Query<TimelineQuery>,
) -> Result<JsonBody<Listed<TimelineEntry>>> {
    let ctx = caller.require("contacts:read")?;
    let kinds = wanted(query.kinds.as_deref())?;
    let wants = |kind: &str| kinds.contains(&kind);
    let page = PageRequest { limit: query.limit, cursor: query.cursor };
    let before: Option<(i64, String)> = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let contact = contacts::get(&ctx, people::ReadFor::Work, id).await?;
    let mut out = Vec::new();
    if wants("message") {
        messages(&ctx, id, &mut out).await?;
    }
    if wants("event") {
        happened(&ctx, id, &mut out).await?;
    }
    if wants("consent") {
        consent(&ctx, id, &mut out).await?;
    }
    if wants("request") {
        asked(&ctx, id, &mut out).await?;
    }
    if wants("reply") {
        answered(&ctx, id, &mut out).await?;
    }
    known(&ctx, &contact, &mut out).await?;
    out.retain(|entry| {
        wants(entry.kind) && before.as_ref().is_none_or(|(at, id)| (entry.at.0, entry.id.as_str()) < (*at, id.as_str()))
    });
    out.sort_by(|a, b| (b.at.0, &b.id).cmp(&(a.at.0, &a.id)));
    out.truncate(page.limit() as usize + 1);
    let found = http_server::cursor::page(out, page.limit(), |entry| (entry.at.0, entry.id.clone()));
    Ok(JsonBody(Listed::of(found, |entry| entry)))
}
