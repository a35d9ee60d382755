//! `GET /v1/sequences`

use campaigns::sequences;

use super::{SequenceAnswer, shown};
use crate::v1::prelude::*;

/// Sequences, newest first, without the contents of their messages.
#[utoipa::path(get, path = "/v1/sequences", params(PageQuery), security(("key" = ["campaigns:read"])),
    responses((status = 200, body = Listed<SequenceAnswer>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<SequenceAnswer>>> {
    let ctx = caller.require("campaigns:read")?;
    let page = sequences::list(&ctx, &page.into()).await?;
    Ok(JsonBody(Listed::of(page, |sequence| shown(sequence, false))))
}
