//! `POST /v1/routes`

use super::shapes::{RouteAccess, RouteRules, SmsRoute, shown};
use crate::v1::prelude::*;
use crate::v1::trail;

/// A route to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRoute {
    /// What members call it.
    name: String,
    /// Which messages it takes; all of them when absent.
    #[serde(default)]
    rules: RouteRules,
    /// The account at the operator.
    access: RouteAccess,
}

/// Make a route. Its sessions are opened at once.
#[utoipa::path(post, path = "/v1/routes", request_body = NewRoute, security(("key" = ["routes:write"])),
    responses((status = 201, body = SmsRoute)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewRoute>,
) -> Result<(StatusCode, JsonBody<SmsRoute>)> {
    let ctx = caller.require("routes:write")?;
    let route = telecom::routes::add(&ctx, &input.name, input.rules.into(), &input.access.into()).await?;
    trail::note(&ctx, "route.created", &[&route.id]).await?;
    app.sms.follow(&ctx).await?;
    Ok((StatusCode::CREATED, JsonBody(shown(&ctx, &app.sms, route).await?)))
}
