//! `POST /v1/campaigns/{id}/cancel`

use kernel::CampaignId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;
use crate::v1::trail;

/// Stop a campaign for good; one that is only scheduled becomes a draft again.
#[utoipa::path(post, path = "/v1/campaigns/{id}/cancel", params(("id" = String, Path)),
    security(("key" = ["campaigns:send"])), responses((status = 200, body = shapes::Campaign)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CampaignId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("campaigns:send")?;
    let campaign = campaigns::cancel(&ctx, id).await?;
    trail::note(&ctx, "campaign.cancelled", &[&id]).await?;
    Ok(JsonBody(shown(&ctx, campaign).await?))
}
