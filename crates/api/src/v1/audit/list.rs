//! `GET /v1/audit`

use accounts::audit;
use kernel::PageRequest;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Who did what to which object, newest first.
#[utoipa::path(get, path = "/v1/audit", params(PageQuery), security(("key" = ["audit:read"])),
    responses((status = 200, body = Listed<shapes::AuditEntry>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("audit:read")?;
    let page = PageRequest::from(page);
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let found = audit::list(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |entry| entry.id);
    Ok(JsonBody(Listed::of(found, |entry| json!(entry))))
}
