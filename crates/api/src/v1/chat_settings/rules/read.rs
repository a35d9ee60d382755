//! `GET /v1/routing-rules`

use super::RoutingRules;
use crate::v1::prelude::*;

/// The rules that say where a conversation goes.
#[utoipa::path(get, path = "/v1/routing-rules", security(("key" = ["conversations:read"])),
    responses((status = 200, body = RoutingRules)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<RoutingRules>> {
    let ctx = caller.require("conversations:read")?;
    Ok(JsonBody(conversations::routing::rules(&ctx).await?.into()))
}
