//! `POST /v1/conversations/{id}/keys`

use super::{ConversationId, DeviceId, WrappedKey, slice};
use crate::v1::prelude::*;

/// Shares of a chat's key that a device of yours made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChatShares {
    /// Your own approved device.
    #[schema(value_type = String)]
    device: DeviceId,
    /// Which key: 16 octets, base64url; one that nobody has becomes the newest.
    key_id: String,
    /// 1 to 200; a recipient that has a share keeps it.
    shares: Vec<WrappedKey>,
}

/// Seal a chat's key to whoever joined, or begin a new key after somebody left.
#[utoipa::path(post, path = "/v1/conversations/{id}/keys", params(("id" = String, Path)), request_body = NewChatShares,
    security(("session" = ["conversations:write"])), responses((status = 204)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    JsonBody(input): JsonBody<NewChatShares>,
) -> Result<StatusCode> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    let (hub, by) = (app.shell.chat().hub(), (session.user, input.device));
    slice::add_shares(&ctx, hub, id, by, (&input.key_id, &input.shares)).await?;
    Ok(StatusCode::NO_CONTENT)
}
