//! `POST /v1/privacy/requests/batch`

use super::{RequestDraft, RequestView, written};
use crate::v1::prelude::*;

/// The most requests at once.
const MOST: usize = 100;

/// Many requests.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestBatch {
    /// At most one hundred.
    items: Vec<RequestDraft>,
}

/// What became of one of them.
#[derive(Serialize, ToSchema)]
pub(super) struct RequestResult {
    /// The request; absent when it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestView>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Json>,
}

/// One result per item, in their order.
#[derive(Serialize, ToSchema)]
pub(super) struct RequestResults {
    results: Vec<RequestResult>,
}

/// Write down many requests; each succeeds or fails by itself.
#[utoipa::path(post, path = "/v1/privacy/requests/batch", request_body = RequestBatch,
    security(("key" = ["privacy:write"])), responses((status = 200, body = RequestResults)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(batch): JsonBody<RequestBatch>,
) -> Result<JsonBody<RequestResults>> {
    let ctx = caller.require("privacy:write")?;
    if batch.items.is_empty() || batch.items.len() > MOST {
        return Err(Failure(Problem::field("items", "one to a hundred requests")));
    }
    let mut results = Vec::with_capacity(batch.items.len());
    for draft in batch.items {
        results.push(match written(&app, &caller, &ctx, draft).await {
            Ok(request) => RequestResult { request: Some(request), problem: None },
            Err(Failure(problem)) => {
                let fields: Vec<Json> =
                    problem.fields.iter().map(|one| json!({ "field": one.field, "detail": one.detail })).collect();
                let told = json!({ "code": problem.code.as_str(), "detail": problem.detail, "fields": fields });
                RequestResult { request: None, problem: Some(told) }
            }
        });
    }
    Ok(JsonBody(RequestResults { results }))
}
