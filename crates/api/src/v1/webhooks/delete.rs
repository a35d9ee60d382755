//! `DELETE /v1/webhooks/{id}`

use kernel::EndpointId;

use crate::v1::prelude::*;

/// Delete an endpoint with its messages.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", params(("id" = String, Path)),
    security(("key" = ["webhooks:write"])), responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller, Path(id): Path<EndpointId>) -> Result<StatusCode> {
    let ctx = caller.require("webhooks:write")?;
    app.webhooks.get(&ctx, id).await?;
    app.webhooks.delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
