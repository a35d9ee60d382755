//! `POST /v1/campaigns/{id}/schedule`

use accounts::workspaces;
use kernel::CampaignId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// When a campaign starts by itself.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleRequest {
    /// The instant.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// Have the campaign start by itself; `cancel` takes it back.
#[utoipa::path(post, path = "/v1/campaigns/{id}/schedule", params(("id" = String, Path)),
    request_body = ScheduleRequest, security(("key" = ["campaigns:send"])), responses((status = 202, body = shapes::Campaign)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
    JsonBody(input): JsonBody<ScheduleRequest>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("campaigns:send")?;
    workspaces::require_sending(&ctx).await?;
    let campaign = campaigns::schedule(&ctx, &app.outbound, id, input.at).await?;
    trail::note(&ctx, "campaign.scheduled", &[&id]).await?;
    Ok((StatusCode::ACCEPTED, JsonBody(shown(&ctx, campaign).await?)))
}
