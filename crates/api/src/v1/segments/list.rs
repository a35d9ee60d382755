//! `GET /v1/segments`

use people::segments::saved;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Saved segments, oldest first.
#[utoipa::path(get, path = "/v1/segments", params(PageQuery), security(("key" = ["segments:read"])),
    responses((status = 200, body = Listed<shapes::Segment>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("segments:read")?;
    let page = saved::list(&ctx, &page.into()).await?;
    Ok(JsonBody(Listed::of(page, |segment| json!(segment))))
}
