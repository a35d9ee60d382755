//! The links of a booking, in mails and on pages. Each serves one purpose, cannot be guessed, and works as long as
//! the booking is there; what it may still do is asked of the booking, not of the link.

use kernel::{BookingId, WorkspaceId};
use store::{Actor, Core, Ctx, Vault};

use crate::Result;

/// The longest token that is looked at, in octets.
const LONGEST: usize = 200;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Shows the booking.
    See,
    /// Calls it off.
    Cancel,
    /// Moves it to another time.
    Move,
}

impl Purpose {
    const fn label(self) -> &'static str {
        match self {
            Self::See => "booking view",
            Self::Cancel => "booking cancel",
            Self::Move => "booking reschedule",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::See => "/book/b/",
            Self::Cancel => "/book/c/",
            Self::Move => "/book/r/",
        }
    }
}

/// The token of a link.
///
/// # Errors
/// When the workspace's keys cannot be read.
pub async fn issue(ctx: &Ctx, booking: BookingId, purpose: Purpose) -> Result<String> {
    let mut payload = ctx.workspace.0.to_vec();
    payload.extend_from_slice(&booking.0);
    Ok(ctx.keys().await?.sign(purpose.label(), &payload))
}

/// The path of a link, from `/book/` on.
///
/// # Errors
/// When the workspace's keys cannot be read.
pub async fn path(ctx: &Ctx, booking: BookingId, purpose: Purpose) -> Result<String> {
    Ok(format!("{}{}", purpose.path(), issue(ctx, booking, purpose).await?))
}

/// Reads a token; `None` when it is forged, foreign or of another purpose. The context acts for the attendee.
///
/// # Errors
/// When the key store does not answer.
pub async fn read(core: &Core, token: &str, purpose: Purpose) -> Result<Option<(Ctx, BookingId)>> {
    if token.len() > LONGEST {
        return Ok(None);
    }
    let Some(workspace) = Vault::token_workspace(token) else { return Ok(None) };
    let keys = match core.vault.keys(workspace).await {
        Ok(keys) => keys,
        Err(store::Error::Unavailable(why)) => return Err(store::Error::Unavailable(why).into()),
        Err(_) => return Ok(None),
    };
    let Some(payload) = keys.verify(purpose.label(), token) else { return Ok(None) };
    let Ok(bytes) = <[u8; 32]>::try_from(payload) else { return Ok(None) };
    let id = |from: usize| -> [u8; 16] { std::array::from_fn(|index| bytes[from + index]) };
    if WorkspaceId(id(0)) != workspace {
        return Ok(None);
    }
    Ok(Some((core.ctx(workspace, Actor::Person), BookingId(id(16)))))
}
