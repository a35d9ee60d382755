//! `POST /v1/webhooks/{id}/test`

use kernel::EndpointId;

use crate::v1::prelude::*;

/// Send a test event now, and tell how it went.
#[utoipa::path(post, path = "/v1/webhooks/{id}/test", params(("id" = String, Path)),
    security(("key" = ["webhooks:write"])), responses((status = 200, body = Json)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EndpointId>,
) -> Result<JsonBody<Json>> {
    let ctx = caller.require("webhooks:write")?;
    Ok(JsonBody(json!(app.webhooks.test(&ctx, id).await?)))
}
