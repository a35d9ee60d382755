//! `GET /v1/topics`

use people::topics;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Every topic by name, archived ones included.
#[utoipa::path(get, path = "/v1/topics", security(("key" = ["topics:read"])), responses((status = 200, body = Listed<shapes::Topic>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("topics:read")?;
    let topics = topics::list(&ctx).await?;
    Ok(JsonBody(topics.iter().map(|topic| json!(topic)).collect::<Vec<_>>().into()))
}
