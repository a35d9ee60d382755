//! `GET /v1/privacy/purpose-reviews`

use kernel::{EventId, PageRequest};
use privacy::purposes::review;

use super::super::shapes;
use crate::v1::prelude::*;

/// People whose relationship changed, so that their purposes wait for a review.
#[utoipa::path(get, path = "/v1/privacy/purpose-reviews", params(PageQuery), security(("key" = ["privacy:read"])),
    responses((status = 200, body = Listed<shapes::PurposeReview>)))]
pub(super) async fn handle(caller: Caller, Query(query): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("privacy:read")?;
    let page = PageRequest::from(query);
    let before = page.cursor.as_deref().map(http_server::cursor::decode::<EventId>).transpose()?;
    let found = review::waiting(&ctx, before, page.limit() + 1).await?;
    let found = http_server::cursor::page(found, page.limit(), |one| one.id);
    Ok(JsonBody(Listed::of(found, |one| json!(one))))
}
