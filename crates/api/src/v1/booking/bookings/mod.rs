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
use kernel::BookingId;
use store::Ctx;

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

async fn find(ctx: &Ctx, id: BookingId) -> Result<Booking> {
    Ok(reservations::get(ctx, id).await?)
}

async fn view(ctx: &Ctx, booking: Booking) -> Result<JsonBody<BookingView>> {
    let of = event_types::get(ctx, booking.event_type).await?;
    let names = booking::hosts::names(ctx).await?;
    Ok(JsonBody(BookingView::of(ctx, booking, &of, &names).await?))
}
