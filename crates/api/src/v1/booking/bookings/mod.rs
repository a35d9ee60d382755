//! Bookings.

mod approve;
mod cancel;
mod create;
mod decline;
mod erase;
mod list;
mod moved_by_zones;
mod no_show;
mod read;
mod reassign;
mod refund;
mod report;
mod reschedule;
mod shown;

use booking::event_types;
use booking::reservations::{self, Booking};
use kernel::{BookingId, HostId};
use store::{Actor, Ctx};

use crate::v1::prelude::*;
pub(super) use shown::BookingView;

pub(super) fn routes() -> Routes {
    routes!("bookings": list, create, read, reschedule, cancel, approve, decline, no_show, reassign, refund, erase, moved_by_zones, report)
}

/// Why.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct BookingReason {
    /// In the member's words; the attendee reads it.
    reason: Option<String>,
}

/// Whose bookings somebody sees.
enum Reach {
    /// Everybody's: who manages bookings, and keys, which are no persons.
    All,
    /// Those in which one's own time is taken.
    Own(HostId),
    /// None: a member who receives nobody.
    Nothing,
}

impl Reach {
    async fn of(ctx: &Ctx, caller: &Caller) -> Result<Self> {
        let Actor::User(user) = ctx.actor else { return Ok(Self::All) };
        if caller.may("bookings:manage") {
            return Ok(Self::All);
        }
        Ok(booking::hosts::of(ctx, user).await?.map_or(Self::Nothing, |host| Self::Own(host.id)))
    }

    async fn covers(&self, ctx: &Ctx, booking: &Booking) -> Result<bool> {
        Ok(match self {
            Self::All => true,
            Self::Own(own) => booking.parts(ctx).await?.0.contains(own),
            Self::Nothing => false,
        })
    }
}

/// A booking that the caller may see; another one is not there.
async fn find(ctx: &Ctx, caller: &Caller, id: BookingId) -> Result<Booking> {
    let found = reservations::get(ctx, id).await?;
    if Reach::of(ctx, caller).await?.covers(ctx, &found).await? {
        return Ok(found);
    }
    Err(Failure::new(Code::NotFound, "there is no such booking"))
}

async fn view(ctx: &Ctx, booking: Booking) -> Result<JsonBody<BookingView>> {
    let of = event_types::get(ctx, booking.event_type).await?;
    let names = booking::hosts::labels(ctx).await?;
    Ok(JsonBody(BookingView::of(ctx, booking, &of, &names).await?))
}
