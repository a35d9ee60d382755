//! `GET /v1/conversations/devices/log`

use super::{ChatDeviceMember, DeviceId, Members, slice};
use crate::v1::prelude::*;

/// What happened to a device.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatDeviceLine {
    /// Its number, from 1, without gaps.
    n: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Which device.
    #[schema(value_type = String)]
    device: DeviceId,
    /// Whose.
    member: ChatDeviceMember,
    /// `added`, `approved`, `approved_first` or `revoked`.
    #[schema(value_type = slice::Action)]
    action: String,
    /// Who did it; null when its owner left the workspace.
    by: Option<ChatDeviceMember>,
    /// From which device.
    #[schema(value_type = Option<String>)]
    by_device: Option<DeviceId>,
    /// The device's public key, base64url.
    public_key: String,
    /// What people compare.
    fingerprint: String,
    /// SHA-256 over the line before and this one, in hex.
    hash: String,
}

/// What became of devices, the oldest first. Nothing is ever taken out: each line is bound to the one before.
#[utoipa::path(get, path = "/v1/conversations/devices/log", security(("key" = ["conversations:read"])),
    responses((status = 200, body = Listed<ChatDeviceLine>)))]
pub(super) async fn handle(caller: Caller) -> Result<JsonBody<Listed<ChatDeviceLine>>> {
    let ctx = caller.require("conversations:read")?;
    let members = Members::read(&ctx).await?;
    let all = slice::log(&ctx).await?.into_iter().map(|line| ChatDeviceLine {
        n: line.n,
        at: line.at,
        device: line.device,
        member: ChatDeviceMember::of(line.member, &members),
        action: line.action.as_str().to_owned(),
        by: line.by.map(|user| ChatDeviceMember::of(user, &members)),
        by_device: line.by_device,
        public_key: slice::encoded(&line.public_key),
        fingerprint: slice::fingerprint(&line.public_key),
        hash: data_encoding::HEXLOWER.encode(&line.hash),
    });
    Ok(JsonBody(all.collect::<Vec<_>>().into()))
}
