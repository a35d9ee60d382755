//! Which messages are about which booking, so that the log of its mail goes when it goes: a host's copy of the mail
//! holds the attendee's name as much as the attendee's own.

use kernel::{BookingId, RawId};
use store::{Ctx, params};

use crate::Result;

store::sql! {
    NOTE = "INSERT INTO booking_mail (workspace, booking, source, at) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, booking, source) DO NOTHING";
    OF = "SELECT source FROM booking_mail WHERE workspace = $1 AND booking = $2 ORDER BY source LIMIT 10000";
    ABOUT = "SELECT booking FROM booking_mail WHERE workspace = $1 AND source = $2 LIMIT 1";
    FORGET = "DELETE FROM booking_mail WHERE workspace = $1 AND booking = $2 AND source = $3";
    ORPHANS = "SELECT DISTINCT m.booking FROM booking_mail m WHERE m.workspace = $1
        AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.workspace = m.workspace AND b.id = m.booking) ORDER BY m.booking LIMIT 500";
    DUE = "SELECT NULL, at, booking, source FROM booking_mail WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
}

store::retention!(store::RetentionRule {
    table: "booking_mail",
    class: "comms.traffic",
    covers: &[],
    event: "the message",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[FORGET],
    before: None,
    after: None,
});

/// Notes that a message is about a booking, before it is written.
pub(super) async fn note(ctx: &Ctx, booking: BookingId, source: RawId) -> Result<()> {
    let mut batch = ctx.batch();
    batch.push(NOTE, params![ctx.workspace, booking, source, ctx.now()]);
    ctx.db.apply(batch).await?;
    Ok(())
}

/// The booking that a message is about.
///
/// # Errors
/// When the store fails.
pub async fn about(ctx: &Ctx, source: RawId) -> Result<Option<BookingId>> {
    let found: Option<(BookingId,)> = ctx.db.get(ABOUT, params![ctx.workspace, source]).await?;
    Ok(found.map(|(booking,)| booking))
}

/// Notes a message that is about to leave by another way; false when it was noted before.
pub(crate) async fn take(ctx: &Ctx, booking: BookingId, source: RawId) -> Result<bool> {
    let (workspace, now) = (ctx.workspace, ctx.now());
    Ok(ctx.db.tx(move |tx| tx.exec(NOTE, params![workspace, booking, source, now])).await? == 1)
}

/// Erases the messages of a booking, to whomever they went, and those that have not left yet.
///
/// # Errors
/// When the store fails.
pub(crate) async fn forget(ctx: &Ctx, booking: BookingId) -> Result<()> {
    let sources: Vec<(RawId,)> = ctx.db.all(OF, params![ctx.workspace, booking]).await?;
    let mut batch = ctx.batch();
    for (source,) in sources {
        outbound::forget(&mut batch, source);
        batch.push(FORGET, params![ctx.workspace, booking, source]);
    }
    ctx.db.apply(batch).await?;
    Ok(())
}

/// Forgets the messages of bookings that are gone, however they went.
pub(crate) async fn clear_orphans(ctx: &Ctx) -> Result<()> {
    let lost: Vec<(BookingId,)> = ctx.db.all(ORPHANS, params![ctx.workspace]).await?;
    for (booking,) in lost {
        forget(ctx, booking).await?;
    }
    Ok(())
}
