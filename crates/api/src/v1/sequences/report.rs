//! `GET /v1/sequences/{id}/report`

use std::collections::BTreeMap;

use campaigns::sequences;
use kernel::SequenceId;

use crate::v1::prelude::*;

/// The numbers of a sequence.
#[derive(Serialize, ToSchema)]
pub(super) struct SequenceReport {
    id: String,
    state: &'static str,
    /// How many were enrolled, people who were erased since included.
    enrolled: u64,
    /// People by state now.
    people: BTreeMap<String, u64>,
    /// For whom it ended early, by reason.
    stopped: BTreeMap<String, u64>,
    /// Who reacted after the last message, by reason.
    after: BTreeMap<String, u64>,
    /// `step`, `sent`.
    steps: Vec<Json>,
}

/// The numbers of a sequence: people by state, why it ended for whom, messages by step.
#[utoipa::path(get, path = "/v1/sequences/{id}/report", params(("id" = String, Path)),
    security(("key" = ["reports:read"])), responses((status = 200, body = SequenceReport)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<SequenceId>) -> Result<JsonBody<SequenceReport>> {
    let ctx = caller.require("reports:read")?;
    let report = sequences::report(&ctx, id).await?;
    Ok(JsonBody(SequenceReport {
        id: report.id.to_string(),
        state: report.state.as_str(),
        enrolled: report.enrolled,
        people: report.people,
        stopped: report.stopped,
        after: report.after,
        steps: report.steps.iter().map(|step| json!(step)).collect(),
    }))
}
