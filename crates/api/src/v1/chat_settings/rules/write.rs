//! `PUT /v1/routing-rules`

use conversations::routing::{self, Rules};

use super::RoutingRules;
use crate::v1::prelude::*;

/// Set the rules that say where a conversation goes.
#[utoipa::path(put, path = "/v1/routing-rules", request_body = RoutingRules,
    security(("key" = ["conversations:manage"])), responses((status = 200, body = RoutingRules)))]
pub(super) async fn handle(caller: Caller, JsonBody(input): JsonBody<RoutingRules>) -> Result<JsonBody<RoutingRules>> {
    let ctx = caller.require("conversations:manage")?;
    let rules = Rules { rules: input.rules, last_agent: input.last_agent, fallback: input.fallback };
    routing::set_rules(&ctx, &rules).await?;
    Ok(JsonBody(rules.into()))
}
