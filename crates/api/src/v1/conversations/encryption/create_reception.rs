//! `POST /v1/conversations/reception-keys`

use super::receptions::{ChatReception, shown};
use super::{DeviceId, GroupId, slice};
use crate::v1::prelude::*;

/// A key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChatReception {
    /// The group; null is everybody.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    group: Option<GroupId>,
    /// The public half: 32 octets, base64url.
    public_key: String,
    /// Your own approved device, which made it.
    #[schema(value_type = String)]
    device: DeviceId,
}

/// Make a reception key known. It is used once devices have shares of its private half.
#[utoipa::path(post, path = "/v1/conversations/reception-keys", request_body = NewChatReception,
    security(("session" = ["conversations:write"])), responses((status = 201, body = ChatReception)))]
pub(super) async fn handle(
    caller: Caller,
    JsonBody(input): JsonBody<NewChatReception>,
) -> Result<(StatusCode, JsonBody<ChatReception>)> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    let device = slice::own(&ctx, session.user, input.device).await?;
    let id = slice::create_reception(&ctx, input.group, &input.public_key).await?;
    let made = shown(&ctx, Some(device.id)).await?.into_iter().find(|one| one.id == id);
    Ok((StatusCode::CREATED, JsonBody(made.ok_or_else(|| Failure::not_found("reception key"))?)))
}
