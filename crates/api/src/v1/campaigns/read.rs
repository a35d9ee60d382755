//! `GET /v1/campaigns/{id}`

use kernel::CampaignId;

use super::shown;
use crate::v1::prelude::*;
use crate::v1::shapes;

/// A campaign: what its author decided, its state, its counts.
#[utoipa::path(get, path = "/v1/campaigns/{id}", params(("id" = String, Path)),
    security(("key" = ["campaigns:read"])), responses((status = 200, body = shapes::Campaign)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<CampaignId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("campaigns:read")?;
    let campaign = campaigns::get(&ctx, id).await?;
    Ok(JsonBody(shown(&ctx, campaign).await?))
}
