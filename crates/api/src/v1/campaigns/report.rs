//! `GET /v1/campaigns/{id}/report`

use kernel::CampaignId;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// The numbers of a campaign: deliveries, opens and clicks by who caused them, links, hours.
#[utoipa::path(get, path = "/v1/campaigns/{id}/report", params(("id" = String, Path)),
    security(("key" = ["reports:read"])), responses((status = 200, body = shapes::Report)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("reports:read")?;
    Ok(JsonBody(json!(campaigns::report(&ctx, &app.outbound, id).await?)))
}
