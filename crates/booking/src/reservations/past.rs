//! Bookings that were made elsewhere. What took place is written down as it was; what is to come takes its time like
//! every other booking, whatever the hours say, and is refused where the time is taken.

use kernel::{BookingId, Code, ContactId, HostId, Problem, Timestamp};
use store::{Batch, Ctx, params};

use super::attendee::Details;
use super::book::refused;
use super::claim::{self, FOREVER, Part, Place, Term};
use super::model::{Booking, State};
use super::reminders;
use crate::Result;
use crate::event_types::EventType;
use crate::model::{civil_text, zone};

store::sql! {
    INSERT_PAST = "INSERT INTO booking (workspace, id, session, event_type, contact, state, live, sequence, start_at, end_at, timezone, civil,
        attendee_timezone, language, source, sealed, no_show, payment, payment_reference, pay_by, ended_by, due_at, created_at, updated_at, answers_due_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11, $12, $13, $14, $15, $16, NULL, NULL, NULL, $17, $18, $19, $20, NULL)";
}

/// A booking as it stood elsewhere.
pub(crate) struct Past {
    pub(crate) id: BookingId,
    pub(crate) contact: ContactId,
    pub(crate) host: HostId,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) cancelled: bool,
    pub(crate) no_show: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) attendee_timezone: String,
    pub(crate) language: String,
    pub(crate) details: Details,
}

/// Writes one down, together with `also`.
///
/// # Errors
/// A conflict when its host's time is taken by something else here.
pub(crate) async fn insert_past(ctx: &Ctx, (of, home): (&EventType, &str), past: Past, mut also: Batch) -> Result<()> {
    let sealed = Booking::seal(ctx, past.contact, &past.details).await?;
    let home_zone = zone("timezone", home)?;
    let civil = civil_text(&home_zone, past.start.0);
    let day = crate::slots::day_number(home_zone.to_datetime(past.start.to_jiff()).date());
    let days = of.definition.retention_days;
    let due = days.map(|days| past.end.plus_micros(i64::from(days) * Timestamp::DAY));
    let (now, fresh, event_type) = (ctx.now(), ctx.id::<BookingId>().0, of.id);
    let coming = !past.cancelled && past.end > now;
    if coming {
        reminders::plan(&mut also, &of.definition, past.id, (past.start, past.end), now);
    }
    let place = Place {
        event_type,
        start: past.start,
        end: past.end,
        buffers: (0, 0),
        capacity: of.definition.capacity,
        limits: (None, None),
    };
    let (inner, home) = (ctx.clone(), home.to_owned());
    let (state, ended_by) = if past.cancelled { (State::Cancelled, Some("member")) } else { (State::Confirmed, None) };
    ctx.db
        .tx(move |tx| {
            let workspace = inner.workspace;
            let part = Part { host: past.host, day, room: false };
            let mut session = fresh;
            if coming {
                tx.exec(claim::TURN, params![workspace, event_type])?;
                let taken = claim::take(tx, workspace, &place, (&[part], fresh, true), Term { now, until: FOREVER })?;
                let Some(taken) = taken else {
                    let problem = Problem::new(Code::Conflict, "the host has something else at that time");
                    return Err(store::Error::Refused(problem));
                };
                session = taken;
            } else if !past.cancelled {
                let values = params![
                    workspace,
                    fresh,
                    event_type,
                    past.start,
                    past.end,
                    0i64,
                    0i64,
                    1i64,
                    0i64,
                    past.created_at
                ];
                tx.exec(claim::INSERT_SESSION, values)?;
                let values =
                    params![workspace, fresh, past.host, event_type, past.start, past.end, day, past.created_at];
                tx.exec(claim::INSERT_SESSION_HOST, values)?;
            }
            let values = params![
                workspace,
                past.id,
                session,
                event_type,
                past.contact,
                state.as_str(),
                i64::from(!past.cancelled),
                past.start,
                past.end,
                home.as_str(),
                civil.as_str(),
                past.attendee_timezone.as_str(),
                past.language.as_str(),
                crate::import::SOURCE,
                sealed.clone(),
                i64::from(past.no_show),
                ended_by,
                due,
                past.created_at,
                now
            ];
            tx.exec(INSERT_PAST, values)?;
            tx.apply(also.clone())?;
            Ok(())
        })
        .await
        .map_err(refused)?;
    Ok(())
}
