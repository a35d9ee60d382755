//! `GET /v1/privacy/erasures`

use crate::v1::prelude::*;
use crate::v1::shapes;
use kernel::{EventId, PageRequest};

/// The certificates of erasures, newest first. They name nobody.
#[utoipa::path(get, path = "/v1/privacy/erasures", params(PageQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::Certificate>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let page = PageRequest::from(page);
    let before = page.cursor.as_deref().map(http_server::cursor::decode::<EventId>).transpose()?;
    let found = privacy::erasure::certificates(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |certificate| certificate.id);
    Ok(JsonBody(Listed::of(found, |certificate| serde_json::to_value(certificate).unwrap_or_default())))
}
