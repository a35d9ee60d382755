//! `GET /v1/conversations/{id}/events`

use conversations::conversations::{self as rows, Members};
use conversations::events;
use kernel::ConversationId;

use super::shapes::ConversationEvent;
use crate::v1::prelude::*;

/// Which events.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// The last ones before this one.
    before: Option<i64>,
    /// Those after this one.
    after: Option<i64>,
    /// How many, 1 to 200; 50 when absent.
    limit: Option<u32>,
}

/// A stretch of events, in order.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationEvents {
    /// The events.
    items: Vec<ConversationEvent>,
    /// The first one there is in what was answered; 0 when nothing was.
    first_seq: i64,
    /// The newest one there is.
    last_seq: i64,
}

/// Events of a conversation, notes included: the last ones, those before or those after a number.
#[utoipa::path(get, path = "/v1/conversations/{id}/events", params(("id" = String, Path), EventsQuery),
    security(("key" = ["conversations:read"])), responses((status = 200, body = ConversationEvents)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<EventsQuery>,
) -> Result<JsonBody<ConversationEvents>> {
    let ctx = caller.require("conversations:read")?;
    let row = rows::get(&ctx, id).await?;
    let limit = query.limit.unwrap_or(50).clamp(1, events::MOST);
    let all = match (query.before, query.after) {
        (Some(_), Some(_)) => return Err(Problem::field("before", "before or after, not both").into()),
        (_, Some(after)) => events::after(&ctx, id, after, limit).await?,
        (before, None) => events::before(&ctx, id, before.unwrap_or(i64::MAX), limit).await?,
    };
    let members = Members::read(&ctx).await?;
    let mut items: Vec<ConversationEvent> = all.iter().map(|event| ConversationEvent::of(event, &members)).collect();
    super::shapes::with_file_states(&ctx, id, &mut items).await;
    super::lines::with_deliveries(&ctx, id, &mut items).await?;
    let first_seq = items.first().map_or(0, |event| event.seq);
    Ok(JsonBody(ConversationEvents { items, first_seq, last_seq: row.last_seq }))
}
