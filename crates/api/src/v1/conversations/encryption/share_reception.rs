//! `POST /v1/conversations/reception-keys/{id}/shares`

use super::{ChatShares, ReceptionId, slice};
use crate::v1::prelude::*;

/// Give devices a share of a reception key of which your device has one itself.
#[utoipa::path(post, path = "/v1/conversations/reception-keys/{id}/shares", params(("id" = String, Path)),
    request_body = ChatShares, security(("session" = ["conversations:write"])), responses((status = 204)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ReceptionId>,
    JsonBody(input): JsonBody<ChatShares>,
) -> Result<StatusCode> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    let device = slice::own(&ctx, session.user, input.device).await?;
    slice::share_reception(&ctx, id, device.id, &input.shares).await?;
    Ok(StatusCode::NO_CONTENT)
}
