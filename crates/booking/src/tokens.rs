//! Links by which attendees act on their booking: unguessable, for one purpose each, and never acting on GET.

use kernel::{BookingId, WorkspaceId};
use store::{Core, Vault, WorkspaceKeys};

use crate::Result;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Calling the booking off.
    Cancel,
    /// Moving it.
    Reschedule,
    /// Looking at it.
    View,
    /// Paying for it.
    Pay,
}

impl Act {
    /// As in the link's path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Reschedule => "reschedule",
            Self::View => "view",
            Self::Pay => "pay",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Cancel => "booking cancel",
            Self::Reschedule => "booking reschedule",
            Self::View => "booking view",
            Self::Pay => "booking pay",
        }
    }
}

/// The token of a booking for one purpose.
pub fn issue(keys: &WorkspaceKeys, workspace: WorkspaceId, booking: BookingId, act: Act) -> String {
    let mut payload = Vec::with_capacity(32);
    payload.extend_from_slice(&workspace.0);
    payload.extend_from_slice(&booking.0);
    keys.sign(act.label(), &payload)
}

/// The link under which an attendee acts.
pub fn link(keys: &WorkspaceKeys, public_url: &str, workspace: WorkspaceId, booking: BookingId, act: Act) -> String {
    format!("{public_url}/book/{}?token={}", act.as_str(), issue(keys, workspace, booking, act))
}

/// Reads a token; `None` when it is forged, of another purpose, or foreign.
///
/// # Errors
/// When the key store is not available.
pub async fn read(core: &Core, token: &str, act: Act) -> Result<Option<(WorkspaceId, BookingId)>> {
    if token.len() > 200 {
        return Ok(None);
    }
    let Some(workspace) = Vault::token_workspace(token) else { return Ok(None) };
    let keys = match core.vault.keys(workspace).await {
        Ok(keys) => keys,
        Err(store::Error::Unavailable(why)) => return Err(store::Error::Unavailable(why).into()),
        Err(_) => return Ok(None),
    };
    let Some(payload) = keys.verify(act.label(), token) else { return Ok(None) };
    let Ok(bytes) = <[u8; 32]>::try_from(payload) else { return Ok(None) };
    let id = |from: usize| -> [u8; 16] { std::array::from_fn(|index| bytes[from + index]) };
    Ok((WorkspaceId(id(0)) == workspace).then(|| (workspace, BookingId(id(16)))))
}
