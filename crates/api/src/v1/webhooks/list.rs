//! `GET /v1/webhooks`

use crate::v1::prelude::*;
use crate::v1::shapes;

/// The endpoints, oldest first. Never their secrets.
#[utoipa::path(get, path = "/v1/webhooks", security(("key" = ["webhooks:read"])),
    responses((status = 200, body = Listed<shapes::Webhook>)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("webhooks:read")?;
    let endpoints = app.webhooks.list(&ctx).await?;
    Ok(JsonBody(endpoints.iter().map(|endpoint| json!(endpoint)).collect::<Vec<_>>().into()))
}
