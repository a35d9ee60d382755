//! A lone "cancel" that answers a message about a booking.

use kernel::{BookingId, ContactId};
use store::Ctx;

use super::{By, State, cancel, get};
use crate::{Error, Result};

/// What became of a booking whose attendee answered "cancel".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// It is called off; the usual mails say so.
    CalledOff,
    /// It was called off before.
    Before,
    /// Too late for that: somebody should look.
    TooLate,
}

/// Calls a booking off because its attendee, and nobody else, answered "cancel" to a message about it. `None` when it
/// is gone, over, or somebody else's: the answer then means what it means anywhere.
///
/// # Errors
/// When the store fails.
pub async fn call_off_by_answer(ctx: &Ctx, id: BookingId, who: ContactId) -> Result<Option<Answered>> {
    let booking = match get(ctx, id).await {
        Ok(booking) if booking.contact == who && booking.start > ctx.now() => booking,
        Ok(_) | Err(Error::NotFound(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    if booking.state == State::Cancelled {
        return Ok(Some(Answered::Before));
    }
    if !booking.state.is_live() {
        return Ok(None);
    }
    match cancel(ctx, &booking, By::Attendee, None).await {
        Ok(_) => Ok(Some(Answered::CalledOff)),
        // Its term is over, or somebody changed it this very moment.
        Err(Error::Conflict(_) | Error::Invalid(_)) => Ok(Some(Answered::TooLate)),
        Err(error) => Err(error),
    }
}
