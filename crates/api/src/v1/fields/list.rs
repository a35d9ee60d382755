//! `GET /v1/fields`

use people::fields;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// Every custom field, by key.
#[utoipa::path(get, path = "/v1/fields", security(("key" = ["fields:read"])), responses((status = 200, body = Listed<shapes::Field>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("fields:read")?;
    Ok(JsonBody(fields::list(&ctx).await?.values().map(|field| json!(field)).collect::<Vec<_>>().into()))
}
