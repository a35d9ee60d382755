//! `GET /v1/privacy/announcements`

use kernel::{AnnouncementId, PageRequest};
use privacy::announcements;

use super::super::shapes;
use crate::v1::prelude::*;

/// What the registers made the workspace say, newest first, with how many it reached.
#[utoipa::path(get, path = "/v1/privacy/announcements", params(PageQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::AnnouncementEntry>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let page = PageRequest::from(query);
    let before = page.cursor.as_deref().map(http_server::cursor::decode::<AnnouncementId>).transpose()?;
    let found = announcements::list(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |one| one.id);
    Ok(JsonBody(Listed::of(found, |one| json!(one))))
}
