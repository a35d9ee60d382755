//! `GET /v1/routes`

use super::shapes::{SmsRoute, shown};
use crate::v1::prelude::*;

/// Every route, the oldest first.
#[utoipa::path(get, path = "/v1/routes", security(("key" = ["routes:read"])),
    responses((status = 200, body = Listed<SmsRoute>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<SmsRoute>>> {
    let ctx = caller.require("routes:read")?;
    let mut items = Vec::new();
    for route in telecom::routes::list(&ctx).await? {
        items.push(shown(&ctx, &app.sms, route).await?);
    }
    Ok(JsonBody(items.into()))
}
