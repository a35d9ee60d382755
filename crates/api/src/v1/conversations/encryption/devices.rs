//! `GET /v1/conversations/devices`

use conversations::encryption::DeviceState;

use super::{ChatDevice, Members, slice};
use crate::v1::conversations::me;
use crate::v1::prelude::*;

/// Members' devices.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatDevices {
    /// The devices, the oldest first, revoked ones included.
    items: Vec<ChatDevice>,
    /// You may approve devices of others.
    can_approve: bool,
    /// None is approved yet: whoever manages conversations approves the first one.
    first: bool,
}

/// Members' devices that open chats encrypted end to end.
#[utoipa::path(get, path = "/v1/conversations/devices", security(("key" = ["conversations:read"])),
    responses((status = 200, body = ChatDevices)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<ChatDevices>> {
    let ctx = caller.require("conversations:read")?;
    let all = slice::list(&ctx).await?;
    let members = Members::read(&ctx).await?;
    let approved = |device: &slice::Device| device.state == DeviceState::Approved;
    let first = !all.iter().any(approved);
    let own = all.iter().any(|device| approved(device) && me(&caller) == Some(device.member));
    let can_approve = caller.may("conversations:manage") && (first || own);
    let items = all.into_iter().map(|device| ChatDevice::of(device, &members, me(&caller))).collect();
    Ok(JsonBody(ChatDevices { items, can_approve, first }))
}
