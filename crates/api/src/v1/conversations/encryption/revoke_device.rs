//! `POST /v1/conversations/devices/{id}/revoke`

use super::{ChatDevice, DeviceId, Members, slice};
use crate::v1::prelude::*;

/// Revoke a device for good: your own, or with conversations:manage anybody's. Chats whose newest key it has ask for
/// a new one.
#[utoipa::path(post, path = "/v1/conversations/devices/{id}/revoke", params(("id" = String, Path)),
    security(("session" = ["conversations:write"])), responses((status = 200, body = ChatDevice)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<DeviceId>,
) -> Result<JsonBody<ChatDevice>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    let manages = caller.may("conversations:manage");
    let device = slice::revoke(&ctx, app.shell.chat().hub(), id, (session.user, manages)).await?;
    Ok(JsonBody(ChatDevice::of(device, &Members::read(&ctx).await?, Some(session.user))))
}
