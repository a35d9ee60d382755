//! `GET /v1/images`

use content::images;

use super::ImageAnswer;
use crate::v1::prelude::*;

/// The pictures of the library, newest first.
#[utoipa::path(get, path = "/v1/images", params(PageQuery), security(("key" = ["templates:read"])),
    responses((status = 200, body = Listed<ImageAnswer>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<ImageAnswer>>> {
    let ctx = caller.require("templates:read")?;
    let page = images::list(&ctx, &page.into()).await?;
    Ok(JsonBody(Listed::of(page, |image| ImageAnswer::of(ctx.workspace, image))))
}
