//! `PATCH /v1/routes/{id}`

use kernel::RouteId;
use telecom::routes::{Change, RouteState};

use super::shapes::{RouteAccess, RouteRules, SmsRoute, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// Changes to a route; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RouteChange {
    /// Another name.
    #[serde(default)]
    name: Option<String>,
    /// `active`, `draining` or `paused`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    state: Option<RouteState>,
    /// Other rules, as a whole.
    #[serde(default)]
    rules: Option<RouteRules>,
    /// Another account, as a whole.
    #[serde(default)]
    access: Option<RouteAccess>,
}

/// Change a route. Its sessions follow at once.
#[utoipa::path(patch, path = "/v1/routes/{id}", params(("id" = String, Path)), request_body = RouteChange,
    security(("key" = ["routes:write"])), responses((status = 200, body = SmsRoute)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RouteId>,
    JsonBody(input): JsonBody<RouteChange>,
) -> Result<JsonBody<SmsRoute>> {
    let ctx = caller.require("routes:write")?;
    let change = Change {
        name: input.name,
        state: input.state,
        rules: input.rules.map(Into::into),
        access: input.access.map(Into::into),
    };
    let route = telecom::routes::change(&ctx, id, change).await?;
    trail::note(&ctx, "route.updated", &[&id]).await?;
    app.sms.follow(&ctx).await?;
    Ok(JsonBody(shown(&ctx, &app.sms, route).await?))
}
