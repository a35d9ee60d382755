//! `GET /v1/segments`

use people::segments::saved;

use crate::v1::paging::{BinQuery, with_end};
use crate::v1::prelude::*;
use crate::v1::shapes;

/// Saved segments, oldest first; those in the bin when asked for.
#[utoipa::path(get, path = "/v1/segments", params(BinQuery), security(("key" = ["segments:read"])),
    responses((status = 200, body = Listed<shapes::Segment>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<BinQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("segments:read")?;
    let bin = query.bin();
    let request = query.into();
    let page = if bin { saved::list_bin(&ctx, &request).await? } else { saved::list(&ctx, &request).await? };
    let settings = privacy::retention::settings(&ctx).await?;
    Ok(JsonBody(Listed::of(page, |segment| with_end(&settings, json!(segment), segment.deleted_at))))
}
