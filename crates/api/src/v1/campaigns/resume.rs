//! `POST /v1/campaigns/{id}/resume`

use accounts::workspaces;
use kernel::CampaignId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// Go on with a campaign that was held.
#[utoipa::path(post, path = "/v1/campaigns/{id}/resume", params(("id" = String, Path)),
    security(("key" = ["campaigns:send"])), responses((status = 200, body = shapes::Campaign)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CampaignId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("campaigns:send")?;
    workspaces::require_sending(&ctx).await?;
    let campaign = campaigns::resume(&ctx, id).await?;
    trail::note(&ctx, "campaign.resumed", &[&id]).await?;
    Ok(JsonBody(shown(&ctx, campaign).await?))
}
