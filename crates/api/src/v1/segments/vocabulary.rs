//! `GET /v1/segments/fields`

use people::segments::conditions::{EventClass, EventKind, StandardField, TopicState};
use people::{fields, tags, topics};

use crate::v1::prelude::*;

/// What conditions can speak of: fields, attributes, tags, topics with their states, events with
/// their classes.
#[utoipa::path(get, path = "/v1/segments/fields", security(("key" = ["segments:read"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("segments:read")?;
    let standard: Vec<Json> = StandardField::ALL
        .iter()
        .map(|field| json!({ "name": field.as_str(), "instant": field.is_instant() }))
        .collect();
    let attributes: Vec<Json> = fields::list(&ctx)
        .await?
        .into_values()
        .map(|field| json!({ "key": field.key, "label": field.label, "kind": field.kind }))
        .collect();
    let tags: Vec<Json> = tags::list(&ctx).await?.iter().map(|tag| json!({ "id": tag.id, "name": tag.name })).collect();
    let topics: Vec<Json> =
        topics::list(&ctx).await?.iter().map(|topic| json!({ "id": topic.id, "name": topic.name })).collect();
    Ok(JsonBody(json!({
        "fields": standard,
        "attributes": attributes,
        "tags": tags,
        "topics": topics,
        "topic_states": TopicState::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>(),
        "events": EventKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>(),
        "event_classes": EventClass::ALL.iter().map(|class| class.as_str()).collect::<Vec<_>>(),
    })))
}
