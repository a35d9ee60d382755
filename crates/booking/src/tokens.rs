//! Links by which attendees act on their booking: unguessable, for one purpose each, and never acting on GET.

use kernel::{BookingId, WorkspaceId};
use store::{Core, Ctx, WorkspaceKeys};

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
    /// Where the page of the link is.
    const fn folder(self) -> &'static str {
        match self {
            Self::Cancel => "/book/c/",
            Self::Reschedule => "/book/r/",
            // The page of a booking has the button that leads to its payment.
            Self::View | Self::Pay => "/book/b/",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Cancel => "booking cancel",
            Self::Reschedule => "booking reschedule",
            Self::View | Self::Pay => "booking view",
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
    format!("{public_url}{}{}", act.folder(), issue(keys, workspace, booking, act))
}

/// The same from `/book/` on.
///
/// # Errors
/// When the workspace's keys cannot be read.
pub async fn path(ctx: &Ctx, booking: BookingId, act: Act) -> Result<String> {
    Ok(link(ctx.keys().await?.as_ref(), "", ctx.workspace, booking, act))
}

/// Reads a token; `None` when it is forged, of another purpose, or foreign.
///
/// # Errors
/// When the key store is not available.
pub async fn read(core: &Core, token: &str, act: Act) -> Result<Option<(WorkspaceId, BookingId)>> {
    let Some((workspace, payload)) = core.vault.read_token(act.label(), token).await? else { return Ok(None) };
    Ok(payload.try_into().ok().map(|id| (workspace, BookingId(id))))
}
