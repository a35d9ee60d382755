//! `POST /v1/campaigns/{id}/send`

use accounts::workspaces;
use kernel::CampaignId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// The longest grace, in seconds.
const MAX_GRACE: u32 = 86_400;

/// How a campaign is sent.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SendRequest {
    /// Seconds during which nothing leaves and all can be taken back; none when absent.
    grace_seconds: u32,
}

/// Send the campaign to everybody whom the gate allows.
#[utoipa::path(post, path = "/v1/campaigns/{id}/send", params(("id" = String, Path)), request_body = SendRequest,
    security(("key" = ["campaigns:send"])), responses((status = 202, body = shapes::Campaign)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
    JsonBody(input): JsonBody<SendRequest>,
) -> Result<(StatusCode, JsonBody<Json>)> {
    let ctx = caller.require("campaigns:send")?;
    workspaces::require_sending(&ctx).await?;
    if input.grace_seconds > MAX_GRACE {
        return Err(Failure(Problem::field("grace_seconds", "at most 86400 (a day); schedule it instead")));
    }
    let campaign = campaigns::send(&ctx, &app.outbound, id, input.grace_seconds).await?;
    trail::note(&ctx, "campaign.sent", &[&id]).await?;
    Ok((StatusCode::ACCEPTED, JsonBody(shown(&ctx, campaign).await?)))
}
