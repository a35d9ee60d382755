//! `GET /v1/numbers`

use calls::numbers;
use kernel::PageRequest;

use super::{Originators, OwnNumber};
use crate::v1::prelude::*;

/// The organisation's own numbers, the oldest first.
#[utoipa::path(get, path = "/v1/numbers", params(PageQuery), security(("key" = ["routes:read"])),
    responses((status = 200, body = Listed<OwnNumber>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<OwnNumber>>> {
    let ctx = caller.require("routes:read")?;
    let page = PageRequest::from(page);
    let after = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = numbers::list(&ctx, after, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |number| number.id);
    let originators = Originators::load(&ctx).await?;
    Ok(JsonBody(Listed::of(found, |number| originators.shown(number))))
}
