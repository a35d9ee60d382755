//! `GET /v1/routes/{id}`

use kernel::RouteId;

use super::shapes::{SmsRoute, shown};
use crate::v1::prelude::*;

/// One route with how its sessions stand.
#[utoipa::path(get, path = "/v1/routes/{id}", params(("id" = String, Path)), security(("key" = ["routes:read"])),
    responses((status = 200, body = SmsRoute)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<RouteId>,
) -> Result<JsonBody<SmsRoute>> {
    let ctx = caller.require("routes:read")?;
    let route = telecom::routes::get(&ctx, id).await?;
    Ok(JsonBody(shown(&ctx, &app.sms, route).await?))
}
