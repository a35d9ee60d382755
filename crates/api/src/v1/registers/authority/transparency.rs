//! `GET /v1/privacy/transparency`

use privacy::authority;

use super::super::shapes;
use crate::v1::prelude::*;

/// How many requests of public authorities there were each year, and what became of them.
#[utoipa::path(get, path = "/v1/privacy/transparency", security(("key" = ["privacy:read"])),
    responses((status = 200, body = shapes::TransparencyReport)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:read")?;
    Ok(JsonBody(json!(authority::transparency(&ctx).await?)))
}
