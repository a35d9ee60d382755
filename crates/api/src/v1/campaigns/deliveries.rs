//! `GET /v1/campaigns/{id}/deliveries`

use kernel::{CampaignId, PageRequest};

use crate::v1::prelude::*;
use crate::v1::shapes;

/// The campaign's messages: to whom, how each stands and why, under which rule and basis.
#[utoipa::path(get, path = "/v1/campaigns/{id}/deliveries", params(("id" = String, Path), PageQuery),
    security(("key" = ["messages:read"])), responses((status = 200, body = Listed<shapes::Delivery>)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<CampaignId>,
    Query(page): Query<PageQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("messages:read")?;
    campaigns::get(&ctx, id).await?;
    let page = PageRequest::from(page);
    let after = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = outbound::list_deliveries(&ctx, id.into(), after, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |delivery| delivery.id);
    Ok(JsonBody(Listed::of(found, |delivery| json!(delivery))))
}
