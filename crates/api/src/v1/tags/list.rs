//! `GET /v1/tags`

use people::tags;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Every tag, by name.
#[utoipa::path(get, path = "/v1/tags", security(("key" = ["tags:read"])), responses((status = 200, body = Listed<shapes::Tag>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("tags:read")?;
    Ok(JsonBody(tags::list(&ctx).await?.iter().map(|tag| json!(tag)).collect::<Vec<_>>().into()))
}
