use kernel::{ContactId, Timestamp, TopicId, WorkspaceId};
use store::{Core, WorkspaceKeys};

use crate::Result;

const LABEL: &str = "double opt-in";

/// Seconds for which a confirmation link works: seven days.
pub const LIFE: i64 = 7 * 86_400;

/// What a confirmation link says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// In which workspace.
    pub workspace: WorkspaceId,
    /// Who asked.
    pub contact: ContactId,
    /// For which topic.
    pub topic: TopicId,
    /// When.
    pub requested_at: Timestamp,
}

/// The token of a confirmation link.
pub fn issue(keys: &WorkspaceKeys, invitation: &Invitation) -> String {
    let mut payload = Vec::with_capacity(56);
    payload.extend_from_slice(&invitation.workspace.0);
    payload.extend_from_slice(&invitation.contact.0);
    payload.extend_from_slice(&invitation.topic.0);
    payload.extend_from_slice(&invitation.requested_at.0.to_be_bytes());
    keys.sign(LABEL, &payload)
}

/// Reads a token; `None` when it is forged, foreign or too old.
pub async fn read(core: &Core, token: &str) -> Result<Option<Invitation>> {
    let Some((workspace, payload)) = core.vault.read_token(LABEL, token).await? else { return Ok(None) };
    let Ok(bytes) = <[u8; 40]>::try_from(payload) else { return Ok(None) };
    let id = |from: usize| -> [u8; 16] { std::array::from_fn(|index| bytes[from + index]) };
    let at: [u8; 8] = std::array::from_fn(|index| bytes[32 + index]);
    let invitation = Invitation {
        workspace,
        contact: ContactId(id(0)),
        topic: TopicId(id(16)),
        requested_at: Timestamp(i64::from_be_bytes(at)),
    };
    let live = core.clock.now() < invitation.requested_at.plus_seconds(LIFE);
    Ok(live.then_some(invitation))
}
