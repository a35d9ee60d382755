//! `POST /v1/conversations/devices`

use super::{ChatDevice, Members, slice};
use crate::v1::prelude::*;

/// A device.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChatDevice {
    /// What you call it.
    name: String,
    /// Its X25519 public key: 32 octets, base64url. The private half never leaves the device.
    public_key: String,
}

/// Make a device of yours known. It opens nothing before somebody has approved it.
#[utoipa::path(post, path = "/v1/conversations/devices", request_body = NewChatDevice,
    security(("session" = ["conversations:write"])), responses((status = 201, body = ChatDevice)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    JsonBody(input): JsonBody<NewChatDevice>,
) -> Result<(StatusCode, JsonBody<ChatDevice>)> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    let hub = app.shell.chat().hub();
    let made = slice::add(&ctx, hub, session.user, (&input.name, &input.public_key)).await?;
    let shown = ChatDevice::of(made, &Members::read(&ctx).await?, Some(session.user));
    Ok((StatusCode::CREATED, JsonBody(shown)))
}
