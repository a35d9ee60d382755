//! `POST /v1/campaigns/{id}/pause`

use kernel::CampaignId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// Hold a campaign that is being sent.
#[utoipa::path(post, path = "/v1/campaigns/{id}/pause", params(("id" = String, Path)),
    security(("key" = ["campaigns:send"])), responses((status = 200, body = shapes::Campaign)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CampaignId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("campaigns:send")?;
    let campaign = campaigns::pause(&ctx, id).await?;
    trail::note(&ctx, "campaign.paused", &[&id]).await?;
    Ok(JsonBody(shown(&ctx, campaign).await?))
}
