//! `GET /v1/verifications`

use kernel::PageRequest;

use super::shapes::Verification;
use crate::v1::prelude::*;

/// Verifications, newest first, without addresses.
#[utoipa::path(get, path = "/v1/verifications", params(PageQuery), security(("key" = ["messages:send"])),
    responses((status = 200, body = Listed<Verification>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<Verification>>> {
    let ctx = caller.require("messages:send")?;
    let page = PageRequest::from(page);
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = calls::verify::list(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |one| one.id);
    Ok(JsonBody(Listed::of(found, Verification::from)))
}
