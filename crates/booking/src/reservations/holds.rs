//! Holds: a slot is kept for somebody who fills in the form.

use kernel::{EventTypeId, HoldId, HostId, RawId, Timestamp};
use store::{Ctx, params};

use super::book::{choose, refused, settle_on, slot_taken};
use super::claim;
use crate::calendars::Calendars;
use crate::event_types::EventType;
use crate::offer::Wanted;
use crate::{Error, Result, turns};

/// Holds of one client at a time, over all event types.
pub const MOST_PER_CLIENT: usize = 3;
/// Held slots of one event type at a time, whoever holds them: nobody blanks a calendar with holds.
pub const MOST_PER_TYPE: i64 = 60;

store::sql! {
    INSERT_HOLD = "INSERT INTO booking_hold (workspace, id, session, event_type, start_at, client, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF_CLIENT = "SELECT id, session, event_type FROM booking_hold WHERE workspace = $1 AND client = $2 AND expires_at > $3 ORDER BY id LIMIT 100";
    OF_TYPE = "SELECT CAST(count(*) AS BIGINT) FROM booking_hold WHERE workspace = $1 AND event_type = $2 AND expires_at > $3";
    HOLD = "SELECT session, event_type, client FROM booking_hold WHERE workspace = $1 AND id = $2";
    DELETE_HOLD_ROW = "DELETE FROM booking_hold WHERE workspace = $1 AND id = $2";
    EXPIRED = "SELECT id, session FROM booking_hold WHERE workspace = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT 500";
    EMPTY = "SELECT id FROM booking_session WHERE workspace = $1 AND seats = 0 AND held_until <= $2 LIMIT 500";
}

/// A held slot.
#[derive(Debug, Clone)]
pub struct Hold {
    /// Its id; whoever knows it may book the slot.
    pub id: HoldId,
    /// Of what.
    pub event_type: EventTypeId,
    /// From.
    pub start: Timestamp,
    /// To.
    pub end: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Holds a slot for a client (an address or key of the caller's choice; only its keyed hash is kept). A client's
/// earlier hold of the same event type is given up, so that choosing another time frees the first.
///
/// # Errors
/// A conflict when the slot is not on offer, `rate_limited` beyond the caps.
pub async fn hold(
    ctx: &Ctx,
    (of, outside): (&EventType, Option<&Calendars>),
    start: Timestamp,
    (duration, host): (Option<u32>, Option<HostId>),
    client: &str,
) -> Result<Hold> {
    let keys = ctx.keys().await?;
    let client = keys.blind("booking client", client);
    let _turn = turns::wait(ctx.workspace, of.id).await;
    let own: Vec<(HoldId, RawId, EventTypeId)> =
        ctx.db.all(OF_CLIENT, params![ctx.workspace, client.to_vec(), ctx.now()]).await?;
    let (same, others): (Vec<_>, Vec<_>) = own.into_iter().partition(|one| one.2 == of.id);
    if others.len() >= MOST_PER_CLIENT {
        return Err(Error::Limited("you hold several times already; book one of them, or wait a few minutes"));
    }
    let (held,): (i64,) = ctx.db.one(OF_TYPE, params![ctx.workspace, of.id, ctx.now()]).await?;
    if held >= MOST_PER_TYPE {
        return Err(Error::Limited("many people are booking at this moment; wait a few minutes"));
    }
    for (id, ..) in same {
        release(ctx, id).await?;
    }
    let wanted = Wanted { duration, host, ..Wanted::between(start, start) };
    let choice = choose(ctx, (of, outside), start, wanted).await?;
    let expires = ctx.now().plus_seconds(60 * i64::from(of.definition.hold_minutes));
    let (id, fresh): (HoldId, HoldId) = (ctx.id(), ctx.id());
    let hold = Hold { id, event_type: of.id, start, end: choice.place.end, expires_at: expires };
    let (inner, event_type) = (ctx.clone(), of.id);
    ctx.db
        .tx(move |tx| {
            tx.exec(claim::TURN, params![inner.workspace, event_type])?;
            let session = settle_on(tx, &inner, &choice, (inner.now(), fresh.0, false), expires.0)?;
            let Some(session) = session else {
                let problem = slot_taken("somebody else was faster").problem();
                return Err(store::Error::Refused(problem));
            };
            let values = params![inner.workspace, id, session, event_type, start, client.to_vec(), expires];
            tx.exec(INSERT_HOLD, values)?;
            Ok(())
        })
        .await
        .map_err(refused)?;
    Ok(hold)
}

/// Gives a held slot up; says whether there was one.
///
/// # Errors
/// When the database fails.
pub async fn release(ctx: &Ctx, id: HoldId) -> Result<bool> {
    let inner = ctx.clone();
    ctx.db
        .tx(move |tx| {
            let found: Option<(RawId, EventTypeId, Vec<u8>)> = tx.opt(HOLD, params![inner.workspace, id])?;
            let Some((session, ..)) = found else { return Ok(false) };
            tx.exec(DELETE_HOLD_ROW, params![inner.workspace, id])?;
            claim::settle(tx, inner.workspace, session, inner.now())?;
            Ok(true)
        })
        .await
        .map_err(crate::Error::from)
}

/// Clears away holds that ran out, with the sessions nobody came to.
///
/// # Errors
/// When the database fails.
pub(crate) async fn sweep(ctx: &Ctx) -> Result<()> {
    let now = ctx.now();
    let expired: Vec<(HoldId, RawId)> = ctx.db.all(EXPIRED, params![ctx.workspace, now]).await?;
    for (id, session) in expired {
        let inner = ctx.clone();
        ctx.db
            .tx(move |tx| {
                tx.exec(DELETE_HOLD_ROW, params![inner.workspace, id])?;
                claim::settle(tx, inner.workspace, session, now)
            })
            .await?;
    }
    let empty: Vec<(RawId,)> = ctx.db.all(EMPTY, params![ctx.workspace, now]).await?;
    for (session,) in empty {
        let inner = ctx.clone();
        ctx.db.tx(move |tx| claim::settle(tx, inner.workspace, session, now)).await?;
    }
    Ok(())
}

/// The held slot's beginning and length as an event type's page needs them; `None` when it ran out or is another's.
///
/// # Errors
/// When the database fails.
pub async fn held(ctx: &Ctx, of: EventTypeId, id: HoldId) -> Result<Option<(Timestamp, Timestamp)>> {
    let found: Option<(RawId, EventTypeId, Vec<u8>)> = ctx.db.opt(HOLD, params![ctx.workspace, id]).await?;
    let Some((session, ..)) = found.filter(|found| found.1 == of) else { return Ok(None) };
    let row: Option<claim::SessionRow> = ctx.db.opt(claim::SESSION, params![ctx.workspace, session]).await?;
    Ok(row.map(|row| (row.start, row.end)))
}
