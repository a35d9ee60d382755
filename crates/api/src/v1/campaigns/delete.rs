//! `DELETE /v1/campaigns/{id}`

use kernel::CampaignId;

use crate::v1::prelude::*;
use crate::v1::trail;

/// Put a draft into the bin, where it waits thirty days.
#[utoipa::path(delete, path = "/v1/campaigns/{id}", params(("id" = String, Path)),
    security(("key" = ["campaigns:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CampaignId>) -> Result<StatusCode> {
    let ctx = caller.require("campaigns:write")?;
    campaigns::delete(&ctx, id).await?;
    trail::note(&ctx, "campaign.deleted", &[&id]).await?;
    Ok(StatusCode::NO_CONTENT)
}
