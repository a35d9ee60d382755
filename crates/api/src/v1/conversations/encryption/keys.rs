//! `GET /v1/conversations/{id}/keys`

use conversations::conversations as rows;
use conversations::encryption::{Recipient, Share};

use super::{ChatDeviceQuery, ChatRecipientDevice, ConversationId, Members, ReceptionId, slice};
use crate::v1::prelude::*;

/// A key of a chat, sealed to a device or a reception key.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatShare {
    /// Which key.
    key_id: String,
    /// `dev_…` or `rcp_…`.
    recipient: String,
    /// The encapsulated key: 32 octets, base64url.
    enc: String,
    /// The sealed key: 48 octets, base64url.
    ciphertext: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<Share> for ChatShare {
    fn from(share: Share) -> Self {
        let (recipient, at) = (share.recipient.to_string(), share.at);
        Self { key_id: share.key_id, recipient, enc: share.enc, ciphertext: share.ciphertext, at }
    }
}

/// A reception key to which a key may be sealed.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatRecipientReception {
    /// Which.
    #[schema(value_type = String)]
    reception: ReceptionId,
    /// Its X25519 public key, base64url.
    public_key: String,
}

/// The keys of a chat, as a device may have them.
#[derive(Serialize, ToSchema)]
pub(super) struct ChatKeys {
    /// The newest key; null before the visitor's page has made one.
    key_id: Option<String>,
    /// Somebody who may no longer read has it: make a new one.
    rotate: bool,
    /// Shares for the device, and for reception keys of which it has a share.
    shares: Vec<ChatShare>,
    /// Devices that may read.
    devices: Vec<ChatRecipientDevice>,
    /// Reception keys that may receive.
    reception: Vec<ChatRecipientReception>,
    /// Recipients without the newest key: seal it to them.
    missing: Vec<String>,
}

/// The keys of a chat that is encrypted end to end, sealed to a device of yours.
#[utoipa::path(get, path = "/v1/conversations/{id}/keys", params(("id" = String, Path), ChatDeviceQuery),
    security(("session" = ["conversations:read"])), responses((status = 200, body = ChatKeys)))]
pub(super) async fn handle(
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<ChatDeviceQuery>,
) -> Result<JsonBody<ChatKeys>> {
    let session = crate::v1::session_of(&caller)?;
    let ctx = caller.require("conversations:read")?;
    let row = rows::get(&ctx, id).await?;
    if !row.is_encrypted() {
        return Err(Failure::new(Code::Conflict, "the conversation is not encrypted end to end"));
    }
    let opened = slice::shares_for(&ctx, &row, (session.user, query.device)).await?;
    let members = Members::read(&ctx).await?;
    let status = opened.status;
    let reception = status
        .reception
        .iter()
        .map(|one| ChatRecipientReception { reception: one.id, public_key: slice::encoded(&one.public_key) });
    Ok(JsonBody(ChatKeys {
        key_id: status.key_id,
        rotate: status.rotate,
        shares: opened.shares.into_iter().map(ChatShare::from).collect(),
        devices: status.devices.iter().map(|one| ChatRecipientDevice::of(one, &members)).collect(),
        reception: reception.collect(),
        missing: status.missing.iter().map(Recipient::to_string).collect(),
    }))
}
