//! `POST /v1/campaigns/{id}/preflight`

use kernel::CampaignId;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// What the gate would say now: `selected`, `allowed`, `denied` by reason, `blockers`.
#[utoipa::path(post, path = "/v1/campaigns/{id}/preflight", params(("id" = String, Path)),
    security(("key" = ["campaigns:read"])), responses((status = 200, body = shapes::Preflight)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<CampaignId>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("campaigns:read")?;
    Ok(JsonBody(json!(campaigns::preflight(&ctx, &app.outbound, &app.live, id).await?)))
}
