//! `DELETE /v1/privacy/holds/{id}`

use kernel::EventId;
use privacy::retention;

use super::shapes;
use crate::v1::prelude::*;

/// Lift a hold. Erasures that it stopped half way are finished.
#[utoipa::path(delete, path = "/v1/privacy/holds/{id}", params(("id" = String, Path)),
    security(("key" = ["privacy:write"])), responses((status = 200, body = shapes::HoldEntry)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<EventId>) -> Result<JsonBody<Json>> {
    let ctx = caller.require("privacy:write")?;
    Ok(JsonBody(json!(retention::lift(&ctx, id).await?)))
}
