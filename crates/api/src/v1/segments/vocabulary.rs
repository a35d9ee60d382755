//! `GET /v1/segments/fields`

use kernel::{CampaignId, PageRequest, TagId, TopicId};
use people::fields::FieldKind;
use people::segments::conditions::{EventClass, EventKind, StandardField, TopicState};
use people::{fields, tags, topics};

use super::words::{Named, names};
use crate::v1::prelude::*;

/// Every operator, what it takes, and the types of values it is for.
pub(super) const OPERATORS: [(&str, &str, &[&str]); 19] = [
    ("is", "value", &["text", "number", "bool"]),
    ("is_not", "value", &["text", "number", "bool"]),
    ("in", "list", &["text", "number"]),
    ("not_in", "list", &["text", "number"]),
    ("contains", "text", &["text"]),
    ("starts_with", "text", &["text"]),
    ("ends_with", "text", &["text"]),
    ("lt", "number", &["number"]),
    ("lte", "number", &["number"]),
    ("gt", "number", &["number"]),
    ("gte", "number", &["number"]),
    ("between", "pair", &["number", "date", "instant"]),
    ("on", "day", &["date", "instant"]),
    ("before", "moment", &["date", "instant"]),
    ("after", "moment", &["date", "instant"]),
    ("within_days", "days", &["date", "instant"]),
    ("older_than_days", "days", &["date", "instant"]),
    ("exists", "none", &["text", "number", "bool", "date", "instant"]),
    ("missing", "none", &["text", "number", "bool", "date", "instant"]),
];

/// Kinds of recipients.
const RECIPIENTS: [&str; 5] = ["individual", "sole_trader", "corporate_named", "corporate_generic", "public_body"];

/// An operator.
#[derive(Serialize, ToSchema)]
pub(super) struct Operator {
    #[serde(flatten)]
    name: Named,
    /// `none`, `value`, `list`, `text`, `number`, `pair`, `day`, `moment` or `days`.
    takes: &'static str,
}

/// A field that everybody can have.
#[derive(Serialize, ToSchema)]
pub(super) struct StandardName {
    /// As written in conditions.
    name: &'static str,
    /// `text` or `instant`.
    r#type: &'static str,
    /// Whether it is an instant.
    instant: bool,
    /// In English.
    label_en: String,
    /// In Arabic.
    label_ar: String,
    /// Codes of the operators it takes.
    operators: Vec<&'static str>,
    /// The values it can have, when they are few.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    values: Vec<Named>,
}

/// A custom field.
#[derive(Serialize, ToSchema)]
pub(super) struct AttributeName {
    /// Its key.
    key: String,
    /// As written in conditions.
    field: String,
    /// What people call it.
    label: String,
    /// `text`, `number`, `bool` or `date`.
    kind: &'static str,
    /// Codes of the operators it takes.
    operators: Vec<&'static str>,
}

/// A tag, topic or campaign.
#[derive(Serialize, ToSchema)]
pub(super) struct Thing {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
}

/// What conditions can speak of.
#[derive(Serialize, ToSchema)]
pub(super) struct Vocabulary {
    /// Fields that everybody can have.
    fields: Vec<StandardName>,
    /// Custom fields.
    attributes: Vec<AttributeName>,
    /// Operators, in the order people look for them.
    operators: Vec<Operator>,
    tags: Vec<Thing>,
    topics: Vec<Thing>,
    topic_states: Vec<Named>,
    /// What can have happened.
    events: Vec<Named>,
    /// Who caused it.
    event_classes: Vec<Named>,
    /// The newest hundred campaigns that were sent, for conditions on events.
    campaigns: Vec<Thing>,
}

fn operators(of: &str) -> Vec<&'static str> {
    OPERATORS.iter().filter(|operator| operator.2.contains(&of)).map(|operator| operator.0).collect()
}

fn standard(field: StandardField) -> StandardName {
    let kind = if field.is_instant() { "instant" } else { "text" };
    let Named { code, label_en, label_ar } = names("field", field.as_str());
    let values = if field == StandardField::RecipientType { &RECIPIENTS[..] } else { &[] };
    StandardName {
        name: code,
        r#type: kind,
        instant: field.is_instant(),
        label_en,
        label_ar,
        operators: operators(kind),
        values: values.iter().map(|code| names("value", code)).collect(),
    }
}

/// What conditions can speak of: fields with the operators they take, attributes, tags, topics with their
/// states, events with their classes, campaigns; each with what people call it in both languages.
#[utoipa::path(get, path = "/v1/segments/fields", security(("key" = ["segments:read"])),
    responses((status = 200, body = Vocabulary)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Vocabulary>> {
    let ctx = caller.require("segments:read")?;
    let attributes = fields::list(&ctx).await?.into_values().map(|field| {
        let kind = FieldKind::as_str(field.kind);
        let name = format!("attributes.{}", field.key);
        AttributeName { key: field.key, field: name, label: field.label, kind, operators: operators(kind) }
    });
    let tag = |(id, name): (TagId, String)| Thing { id: id.to_string(), name };
    let topic = |(id, name): (TopicId, String)| Thing { id: id.to_string(), name };
    let campaign = |(id, name): (CampaignId, String)| Thing { id: id.to_string(), name };
    let request = PageRequest { limit: Some(100), cursor: None };
    let sent = campaigns::list(&ctx, &campaigns::Wanted::default(), &request)
        .await?
        .items
        .into_iter()
        .filter(|one| one.started_at.is_some());
    Ok(JsonBody(Vocabulary {
        fields: StandardField::ALL.iter().map(|field| standard(*field)).collect(),
        attributes: attributes.collect(),
        operators: OPERATORS
            .iter()
            .map(|operator| Operator { name: names("op", operator.0), takes: operator.1 })
            .collect(),
        tags: tags::list(&ctx).await?.into_iter().map(|one| tag((one.id, one.name))).collect(),
        topics: topics::list(&ctx).await?.into_iter().map(|one| topic((one.id, one.name))).collect(),
        topic_states: TopicState::ALL.iter().map(|state| names("state", state.as_str())).collect(),
        events: EventKind::ALL.iter().map(|kind| names("event", kind.as_str())).collect(),
        event_classes: EventClass::ALL.iter().map(|class| names("class", class.as_str())).collect(),
        campaigns: sent.map(|one| campaign((one.id, one.draft.name))).collect(),
    }))
}
