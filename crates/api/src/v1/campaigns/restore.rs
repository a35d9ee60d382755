//! `POST /v1/campaigns/{id}/restore`

use kernel::CampaignId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::{shapes, trail};

/// Take a draft out of the bin.
#[utoipa::path(post, path = "/v1/campaigns/{id}/restore", params(("id" = String, Path)),
    security(("key" = ["campaigns:write"])), responses((status = 200, body = shapes::Campaign)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CampaignId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("campaigns:write")?;
    let campaign = campaigns::restore(&ctx, id).await?;
    trail::note(&ctx, "campaign.restored", &[&id]).await?;
    Ok(JsonBody(shown(&ctx, campaign).await?))
}
