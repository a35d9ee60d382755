//! `GET /v1/conversations/search`

use conversations::archive;
use http_server::cursor;
use kernel::ConversationId;

use super::me;
use super::shapes::{ConversationRow, rows_of};
use crate::v1::prelude::*;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// The words; all of them must stand in one event. Spellings are folded.
    q: String,
    /// How many conversations, 1 to 50; 20 when absent.
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A place where the words stand.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationHit {
    /// The event.
    seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What stands around.
    snippet: String,
}

/// A conversation in which the words stand.
#[derive(Serialize, ToSchema)]
pub(super) struct FoundConversation {
    /// The conversation.
    conversation: ConversationRow,
    /// Up to five places.
    hits: Vec<ConversationHit>,
}

/// What was found.
#[derive(Serialize, ToSchema)]
pub(super) struct ConversationSearch {
    /// Conversations, the newest first.
    items: Vec<FoundConversation>,
    /// Where to go on.
    next: Option<String>,
    /// Whether everything was looked at.
    complete: bool,
    /// So many conversations were passed over, because only devices can read them.
    encrypted: u64,
}

/// Search in what was said, notes included, from the newest on, a stretch per call: a page may be empty and still
/// have a `next`.
#[utoipa::path(get, path = "/v1/conversations/search", params(SearchQuery),
    security(("key" = ["conversations:read"])), responses((status = 200, body = ConversationSearch)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Query(query): Query<SearchQuery>,
) -> Result<JsonBody<ConversationSearch>> {
    let ctx = caller.require("conversations:read")?;
    let after = query.cursor.as_deref().map(cursor::decode::<(i64, ConversationId)>).transpose()?;
    let after = after.map(|(at, id)| (Timestamp(at), id));
    let found = archive::search((&ctx, app.shell.chat().index()), &query.q, after, query.limit.unwrap_or(20)).await?;
    let (rows, hits): (Vec<_>, Vec<_>) = found.items.into_iter().unzip();
    let shown = rows_of(&app, &ctx, me(&caller), rows).await?;
    let items = shown.into_iter().zip(hits).map(|(conversation, hits)| FoundConversation {
        conversation,
        hits: hits.into_iter().map(|hit| ConversationHit { seq: hit.seq, at: hit.at, snippet: hit.snippet }).collect(),
    });
    let next = found.next.map(|(at, id)| cursor::encode(&(at.0, id)));
    Ok(JsonBody(ConversationSearch {
        items: items.collect(),
        complete: next.is_none(),
        encrypted: found.encrypted,
        next,
    }))
}
