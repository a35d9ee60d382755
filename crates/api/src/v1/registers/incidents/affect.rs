//! `POST /v1/privacy/incidents/{id}/affected`

use kernel::{ContactId, IncidentId, SegmentId};
use privacy::incidents;

use crate::v1::prelude::*;

/// Whom an incident concerns.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncidentPeople {
    /// Ids of contacts.
    #[serde(default)]
    contacts: Vec<ContactId>,
    /// Everybody in a saved segment at this moment.
    segment: Option<SegmentId>,
    /// Why they are on the list.
    #[serde(default)]
    how: String,
}

/// Put people on the list of those whom an incident concerns: by id, or everybody in a segment.
#[utoipa::path(post, path = "/v1/privacy/incidents/{id}/affected", params(("id" = String, Path)), request_body = Json,
    security(("key" = ["privacy:write"])), responses((status = 200, body = Json)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<IncidentId>,
    JsonBody(input): JsonBody<IncidentPeople>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    incidents::get(&ctx, id).await?;
    let mut contacts = input.contacts;
    if let Some(segment) = input.segment {
        let saved = people::segments::saved::get(&ctx, segment).await?;
        contacts.extend(app.live.contacts(&ctx, &saved.condition).await?);
    }
    let count = incidents::affect(&ctx, id, &contacts, &input.how).await?;
    Ok(JsonBody(json!({ "people": count })))
}
