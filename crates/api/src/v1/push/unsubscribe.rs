//! `DELETE /v1/push/subscriptions/{id}`

use super::{PushId, slice};
use crate::v1::prelude::*;

/// A browser of yours is told no longer.
#[utoipa::path(delete, path = "/v1/push/subscriptions/{id}", params(("id" = String, Path)),
    security(("session" = ["conversations:read"])), responses((status = 204)))]
pub(super) async fn handle(caller: Caller, Path(id): Path<PushId>) -> Result<StatusCode> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    slice::remove(&ctx, session.user, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
