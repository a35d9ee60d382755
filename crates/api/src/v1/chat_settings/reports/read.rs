//! `GET /v1/conversation-reports`

use super::{ChatReport, ReportQuery, gathered, shown};
use crate::v1::prelude::*;

/// Figures over at most 400 days: volume, answers, duration, ratings, queue, tags, members, groups, by day and hour.
#[utoipa::path(get, path = "/v1/conversation-reports", params(ReportQuery),
    security(("key" = ["conversations:manage"])), responses((status = 200, body = ChatReport)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<ReportQuery>) -> Result<JsonBody<ChatReport>> {
    let ctx = caller.require("conversations:manage")?;
    Ok(JsonBody(shown(&ctx, gathered(&ctx, &query).await?).await?))
}
