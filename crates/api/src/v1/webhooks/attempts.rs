//! `GET /v1/webhooks/{id}/attempts`

use kernel::EndpointId;

use crate::v1::prelude::*;

/// The attempts to reach an endpoint, newest first.
#[utoipa::path(get, path = "/v1/webhooks/{id}/attempts", params(("id" = String, Path), PageQuery),
    security(("key" = ["webhooks:read"])), responses((status = 200, body = Listed<Json>)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<EndpointId>,
    Query(page): Query<PageQuery>,
) -> Result<JsonBody<Listed<Json>>> {
    let ctx = caller.require("webhooks:read")?;
    let page = app.webhooks.attempts(&ctx, id, &page.into()).await?;
    Ok(JsonBody(Listed::of(page, |attempt| json!(attempt))))
}
