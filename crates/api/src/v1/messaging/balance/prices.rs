//! `GET /v1/prices`

use kernel::PageRequest;

use super::PriceLine;
use crate::v1::prelude::*;

/// The price list, by service, country, network and sender.
#[utoipa::path(get, path = "/v1/prices", params(PageQuery), security(("key" = ["balance:read"])),
    responses((status = 200, body = Listed<PriceLine>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<PriceLine>>> {
    let ctx = caller.require("balance:read")?;
    let page = PageRequest::from(page);
    let after: Option<billing::prices::Price> = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = billing::prices::list(&ctx, after.as_ref(), page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), Clone::clone);
    Ok(JsonBody(Listed::of(found, PriceLine::from)))
}
