//! `POST /v1/privacy/incident-notices/{id}/send`

use kernel::IncidentNoticeId;
use privacy::incidents::{self, Settle};

use crate::v1::prelude::*;

/// What is said when a notice is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentSending {
    /// Why it comes late; needed when its clock has run out.
    #[serde(default)]
    late_reason: String,
    /// The authority's file number, or how it was handed in; needed for the authority.
    #[serde(default)]
    reference: String,
}

/// Send a draft to members or people through the gate, or record that the authority has it. A late notice says why.
#[utoipa::path(post, path = "/v1/privacy/incident-notices/{id}/send", params(("id" = String, Path)), request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 200, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<IncidentNoticeId>,
    JsonBody(input): JsonBody<IncidentSending>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    let said = Settle { late_reason: input.late_reason, reference: input.reference };
    Ok(JsonBody(json!(incidents::send(&ctx, id, said).await?)))
}
