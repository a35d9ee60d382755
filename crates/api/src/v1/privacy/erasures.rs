//! `GET /v1/privacy/erasures`

use kernel::{EventId, PageRequest};
use store::params;

use crate::v1::prelude::*;
use crate::v1::shapes;

store::sql! {
    ERASURES = "SELECT id, certificate FROM erasure WHERE workspace = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

/// The certificates of erasures, newest first. They name nobody.
#[utoipa::path(get, path = "/v1/privacy/erasures", params(PageQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::Certificate>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let page = PageRequest::from(page);
    let before = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let before: EventId = before.unwrap_or(EventId([0xff; 16]));
    let rows: Vec<(EventId, String)> = ctx.db.all(ERASURES, params![ctx.workspace, before, page.limit() + 1]).await?;
    let found = http_server::cursor::page(rows, page.limit(), |row| row.0);
    Ok(JsonBody(Listed::of(found, |(_, text)| serde_json::from_str(&text).unwrap_or_default())))
}
