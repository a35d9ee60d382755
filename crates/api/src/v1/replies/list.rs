//! `GET /v1/replies`

use kernel::EventId;
use mail::incoming::{Wanted, list};
use privacy::replies::Intent;
use privacy::triage::Severity;

use super::shown;
use crate::v1::prelude::*;

/// Most messages of one page.
const PAGE: u32 = 100;

/// Which messages are wanted.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// `waiting` (for a human; the default) or `settled`.
    state: Option<String>,
    /// Only of this intent.
    #[param(value_type = Option<String>)]
    intent: Option<Intent>,
    /// Only of this severity: `p1`, `p2`, `p3`.
    #[param(value_type = Option<String>)]
    severity: Option<Severity>,
    /// How many, 1 to 100; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<EventId>,
}

/// What people answered, newest first; without words, which stand in one message's own answer.
#[utoipa::path(get, path = "/v1/replies", params(ListQuery), security(("key" = ["messages:read"])),
    responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ListQuery>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("messages:read")?;
    let waiting = match query.state.as_deref() {
        None | Some("waiting") => true,
        Some("settled") => false,
        Some(_) => return Err(Problem::field("state", "expected waiting or settled").into()),
    };
    let limit = query.limit.unwrap_or(50).clamp(1, PAGE);
    let wanted = Wanted {
        waiting,
        intent: query.intent.map(|intent| intent.to_string()),
        severity: query.severity.map(|severity| severity.to_string()),
        before: query.cursor,
    };
    let mut found = list(&ctx, &wanted, limit + 1).await?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|message| message.id);
    Ok(JsonBody(json!({ "items": found.iter().map(shown).collect::<Vec<_>>(), "next": next })))
}
