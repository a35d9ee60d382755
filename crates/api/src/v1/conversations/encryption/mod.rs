//! Chats encrypted end to end: members' devices, keys under which groups receive, and shares of chats' keys.

mod add_device;
mod add_keys;
mod approve_device;
mod create_reception;
mod devices;
mod keys;
mod log;
mod receptions;
mod revoke_device;
mod share_reception;

use conversations::conversations::Members;
use conversations::encryption::{self as slice, Device, WrappedKey};
use kernel::{ConversationId, DeviceId, GroupId, ReceptionId, UserId};

use crate::v1::prelude::*;

pub(super) fn routes() -> Routes {
    routes!("chat_encryption": devices, add_device, approve_device, revoke_device, log, receptions, create_reception,
        share_reception, keys, add_keys)
}

/// A member, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ChatDeviceMember {
    /// Who.
    #[schema(value_type = String)]
    id: UserId,
    /// Their name; empty for somebody who is no member any more.
    name: String,
}

impl ChatDeviceMember {
    fn of(user: UserId, members: &Members) -> Self {
        Self { id: user, name: members.name(user) }
    }
}

/// A member's device.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ChatDevice {
    /// Its id.
    #[schema(value_type = String)]
    id: DeviceId,
    /// Whose.
    member: ChatDeviceMember,
    /// What its owner calls it.
    name: String,
    /// Its X25519 public key, base64url.
    public_key: String,
    /// What people compare.
    fingerprint: String,
    /// `pending`, `approved` or `revoked`.
    #[schema(value_type = slice::DeviceState)]
    state: String,
    /// It is yours.
    mine: bool,
    /// Since when it is known.
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
    /// Since when it may read.
    #[schema(value_type = Option<String>, format = DateTime)]
    approved_at: Option<Timestamp>,
    /// Who said so.
    approved_by: Option<ChatDeviceMember>,
    /// Since when it may no longer.
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
}

impl ChatDevice {
    fn of(device: Device, members: &Members, me: Option<UserId>) -> Self {
        Self {
            id: device.id,
            member: ChatDeviceMember::of(device.member, members),
            public_key: device.written_key(),
            fingerprint: device.fingerprint(),
            state: device.state.as_str().to_owned(),
            mine: me == Some(device.member),
            added_at: device.added_at,
            approved_at: device.approved_at,
            approved_by: device.approved_by.map(|user| ChatDeviceMember::of(user, members)),
            revoked_at: device.revoked_at,
            name: device.name.into_inner(),
        }
    }
}

/// A device to which a key may be sealed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ChatRecipientDevice {
    /// Which.
    #[schema(value_type = String)]
    device: DeviceId,
    /// Whose.
    member: ChatDeviceMember,
    /// Its X25519 public key, base64url.
    public_key: String,
    /// What people compare.
    fingerprint: String,
}

impl ChatRecipientDevice {
    fn of(device: &Device, members: &Members) -> Self {
        Self {
            device: device.id,
            member: ChatDeviceMember::of(device.member, members),
            public_key: device.written_key(),
            fingerprint: device.fingerprint(),
        }
    }
}

/// Shares that a device of yours made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatShares {
    /// Your own approved device.
    #[schema(value_type = String)]
    device: DeviceId,
    /// 1 to 200.
    shares: Vec<WrappedKey>,
}

/// Which device of yours asks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ChatDeviceQuery {
    /// Your own approved device.
    #[param(value_type = String)]
    device: DeviceId,
}
