//! `DELETE /v1/routes/{id}`

use kernel::RouteId;

use crate::v1::prelude::*;
use crate::v1::trail;

/// Delete a route and end its sessions. Let it drain first: late receipts of it are no longer heard.
#[utoipa::path(delete, path = "/v1/routes/{id}", params(("id" = String, Path)), security(("key" = ["routes:write"])),
    responses((status = 204)))]
pub(super) async fn handle(State(app): State<App>, caller: Caller, Path(id): Path<RouteId>) -> Result<StatusCode> {
    let ctx = caller.require("routes:write")?;
    telecom::routes::remove(&ctx, id).await?;
    trail::note(&ctx, "route.deleted", &[&id]).await?;
    app.sms.follow(&ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}
