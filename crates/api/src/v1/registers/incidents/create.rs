//! `POST /v1/privacy/incidents`

use privacy::incidents::{self, Details, Kind};

use crate::v1::prelude::*;

/// An incident.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewIncident {
    /// `breach` or `exposure_risk`.
    kind: Kind,
    /// When somebody here became aware of it; now when absent.
    discovered_at: Option<Timestamp>,
    /// What is known.
    details: Details,
}

/// Record an incident, also a mere exposure risk: its clocks started when it was discovered.
#[utoipa::path(post, path = "/v1/privacy/incidents", request_body = Json, security(("key" = ["privacy:write"])),
    responses((status = 201, body = Json)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewIncident>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("privacy:write")?;
    Ok((
        StatusCode::CREATED,
        JsonBody(json!(incidents::create(&ctx, input.kind, input.discovered_at, input.details).await?)),
    ))
}
