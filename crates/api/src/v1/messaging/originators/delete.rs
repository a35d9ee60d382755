//! `DELETE /v1/originators/{id}`

use kernel::OriginatorId;

use crate::v1::prelude::*;
use crate::v1::trail;

/// Take an originator away; messages that have it already keep it.
#[utoipa::path(delete, path = "/v1/originators/{id}", params(("id" = String, Path)),
    security(("key" = ["routes:write"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<OriginatorId>) -> Result<StatusCode> {
    let ctx = caller.require("routes:write")?;
    telecom::senders::remove(&ctx, id).await?;
    trail::note(&ctx, "originator.removed", &[&id]).await?;
    Ok(StatusCode::NO_CONTENT)
}
