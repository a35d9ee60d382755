//! `POST /v1/conversations/devices/{id}/approve`

use super::{ChatDevice, DeviceId, Members, slice};
use crate::v1::prelude::*;

/// From where it is approved.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatDeviceApproval {
    /// Your own approved device, in whose browser you say so; null only for the first device of all.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    by_device: Option<DeviceId>,
}

/// Approve a device: with conversations:manage from an approved device of yours, or a further one of your own.
/// Compare the fingerprint with its owner first.
#[utoipa::path(post, path = "/v1/conversations/devices/{id}/approve", params(("id" = String, Path)),
    request_body = ChatDeviceApproval, security(("session" = ["conversations:write"])),
    responses((status = 200, body = ChatDevice)))]
pub(super) async fn handle(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<DeviceId>,
    JsonBody(input): JsonBody<ChatDeviceApproval>,
) -> Result<JsonBody<ChatDevice>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:write")?;
    let manages = caller.may("conversations:manage");
    let approval = slice::Approval { by: session.user, manages, by_device: input.by_device };
    let device = slice::approve(&ctx, app.shell.chat().hub(), id, approval).await?;
    Ok(JsonBody(ChatDevice::of(device, &Members::read(&ctx).await?, Some(session.user))))
}
