//! `GET /v1/privacy/retention/reports`

use kernel::{EventId, PageRequest};
use privacy::retention;

use super::shapes;
use crate::v1::prelude::*;

/// What retention found and ended, newest first: counts per class and table.
#[utoipa::path(get, path = "/v1/privacy/retention/reports", params(PageQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::RetentionReport>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let page = PageRequest::from(page);
    let before = page.cursor.as_deref().map(http_server::cursor::decode::<EventId>).transpose()?;
    let found = retention::reports(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |report| report.id);
    Ok(JsonBody(Listed::of(found, |report| serde_json::to_value(report).unwrap_or_default())))
}
