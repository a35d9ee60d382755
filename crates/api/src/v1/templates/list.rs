//! `GET /v1/templates`

use content::templates;
use kernel::PageRequest;

use crate::v1::paging::{BinQuery, with_end};
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Saved designs without their content, oldest first; those in the bin when asked for.
#[utoipa::path(get, path = "/v1/templates", params(BinQuery), security(("key" = ["templates:read"])),
    responses((status = 200, body = Listed<shapes::Template>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<BinQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("templates:read")?;
    let bin = query.bin();
    let page = PageRequest::from(query);
    let after = page.cursor.as_deref().map(http_server::cursor::decode).transpose()?;
    let limit = page.limit().min(999);
    let found = templates::list(&ctx, after, limit + 1, bin).await?;
    let found = http_server::cursor::page(found, limit, |template| template.id);
    let settings = privacy::retention::settings(&ctx).await?;
    Ok(JsonBody(Listed::of(found, |template| with_end(&settings, json!(template), template.deleted_at))))
}
