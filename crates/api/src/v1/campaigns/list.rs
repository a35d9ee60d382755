//! `GET /v1/campaigns`

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Campaigns with their state, newest first.
#[utoipa::path(get, path = "/v1/campaigns", params(PageQuery), security(("key" = ["campaigns:read"])),
    responses((status = 200, body = Listed<shapes::Campaign>)))]
pub(super) async fn handle(caller: Caller, Query(page): Query<PageQuery>) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("campaigns:read")?;
    let page = campaigns::list(&ctx, &page.into()).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for campaign in page.items {
        let mut shown = super::shown(&ctx, campaign).await?;
        // Bodies are long, and a list shows none.
        if let Some(members) = shown.as_object_mut() {
            members.remove("content");
            members.remove("variants");
        }
        items.push(shown);
    }
    Ok(JsonBody(kernel::Page { items, next: page.next }.into()))
}
