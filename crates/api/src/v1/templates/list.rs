//! `GET /v1/templates`

use content::templates;
use kernel::PageRequest;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Saved designs without their content, oldest first.
#[utoipa::path(get, path = "/v1/templates", params(PageQuery), security(("key" = ["templates:read"])),
    responses((status = 200, body = Listed<shapes::Template>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("templates:read")?;
    let page = PageRequest::from(page);
    let after = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let limit = page.limit().min(999);
    let found = templates::list(&ctx, after, limit + 1).await?;
    let found = http_server::cursor::page(found, limit, |template| template.id);
    Ok(JsonBody(Listed::of(found, |template| json!(template))))
}
