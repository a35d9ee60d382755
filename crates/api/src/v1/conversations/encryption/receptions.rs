//! `GET /v1/conversations/reception-keys`

use super::{ChatRecipientDevice, DeviceId, GroupId, Members, ReceptionId, slice};
use crate::v1::prelude::*;

/// The private half of a key, sealed to a device.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatSealedHalf {
    /// The encapsulated key: 32 octets, base64url.
    enc: String,
    /// The sealed private half: 48 octets, base64url.
    ciphertext: String,
}

/// A key under which a group receives.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatReception {
    /// Its id.
    #[schema(value_type = String)]
    pub(super) id: ReceptionId,
    /// The group; null is everybody.
    #[schema(value_type = Option<String>)]
    group: Option<GroupId>,
    /// Its X25519 public key, base64url.
    public_key: String,
    /// It has a share, and no device that has one was revoked.
    active: bool,
    /// Since when it exists.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// The share of the device that asks.
    share: Option<ChatSealedHalf>,
    /// Devices of the group without a share.
    missing: Vec<ChatRecipientDevice>,
}

/// For which device.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReceptionsQuery {
    /// Your own approved device, whose shares are shown.
    #[param(value_type = Option<String>)]
    device: Option<DeviceId>,
}

/// The reception keys as one device sees them.
pub(super) async fn shown(ctx: &store::Ctx, device: Option<DeviceId>) -> Result<Vec<ChatReception>> {
    let devices = slice::list(ctx).await?;
    let members = Members::read(ctx).await?;
    let mut out = Vec::new();
    for one in slice::receptions(ctx, &devices).await? {
        let missing = one.missing(ctx, &devices).await?;
        let share = one.shares.iter().find(|share| device == Some(share.device));
        out.push(ChatReception {
            id: one.id,
            group: one.group,
            public_key: slice::encoded(&one.public_key),
            active: one.active,
            created_at: one.created_at,
            share: share.map(|share| ChatSealedHalf {
                enc: slice::encoded(&share.enc),
                ciphertext: slice::encoded(&share.ciphertext),
            }),
            missing: missing.into_iter().map(|device| ChatRecipientDevice::of(device, &members)).collect(),
        });
    }
    Ok(out)
}

/// Keys under which groups receive, so that a device approved later reads what waited.
#[utoipa::path(get, path = "/v1/conversations/reception-keys", params(ReceptionsQuery),
    security(("session" = ["conversations:read"])), responses((status = 200, body = Listed<ChatReception>)))]
pub(super) async fn handle(
    caller: Caller,
    Query(query): Query<ReceptionsQuery>,
) -> Result<JsonBody<Listed<ChatReception>>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    let device = match query.device {
        Some(device) => Some(slice::own(&ctx, session.user, device).await?.id),
        None => None,
    };
    Ok(JsonBody(shown(&ctx, device).await?.into()))
}
