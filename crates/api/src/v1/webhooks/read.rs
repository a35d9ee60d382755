//! `GET /v1/webhooks/{id}`

use kernel::EndpointId;

use crate::v1::prelude::*;
use crate::v1::shapes;

/// An endpoint.
#[utoipa::path(get, path = "/v1/webhooks/{id}", params(("id" = String, Path)),
    security(("key" = ["webhooks:read"])), responses((status = 200, body = shapes::Webhook)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EndpointId>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("webhooks:read")?;
    Ok(JsonBody(json!(app.webhooks.get(&ctx, id).await?)))
}
