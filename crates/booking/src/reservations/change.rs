//! What becomes of a booking: moved, called off, approved, declined, not come to.

use kernel::{BookingId, Code, HostId, Problem, RawId, Timestamp};
use store::{Ctx, params};

use super::book::{Choice, Happened, choose, refused, settle_on, told, told_to};
use super::claim::{self, FOREVER};
use super::model::{Booking, State, get};
use super::paid::Ending;
use super::reminders;
use crate::calendars::Calendars;
use crate::event_types::EventType;
use crate::model::{civil_text, zone};
use crate::offer::Wanted;
use crate::{Error, Result, event_types, turns};

store::sql! {
    MOVE = "UPDATE booking SET session = $3, start_at = $4, end_at = $5, timezone = $6, civil = $7, due_at = $8, updated_at = $9, answers_due_at = $11, sequence = sequence + 1
        WHERE workspace = $1 AND id = $2 AND live = 1 AND sequence = $10";
    END = "UPDATE booking SET state = $3, live = 0, ended_by = $4, sealed = $5, updated_at = $6, payment = $7, pay_by = NULL, sequence = sequence + 1
        WHERE workspace = $1 AND id = $2 AND live = 1 AND sequence = $8 AND COALESCE(payment, '') = $9";
    APPROVE = "UPDATE booking SET state = 'confirmed', pay_by = NULL, updated_at = $3 WHERE workspace = $1 AND id = $2 AND state = 'pending' AND live = 1
        AND (payment IS NULL OR payment NOT IN ('open', 'failed'))";
    NO_SHOW = "UPDATE booking SET no_show = $3, updated_at = $4 WHERE workspace = $1 AND id = $2 AND state = 'confirmed'";
    SESSION_OF = "SELECT session FROM booking WHERE workspace = $1 AND id = $2 AND live = 1";
    SWAP_HOST = "UPDATE booking_session_host SET host = $4 WHERE workspace = $1 AND session = $2 AND host = $3";
    SWAP_UNITS = "DELETE FROM host_unit WHERE workspace = $1 AND session = $2 AND host = $3";
    SHARED = "SELECT id, sequence FROM booking WHERE workspace = $1 AND session = $2 AND live = 1 ORDER BY id LIMIT 1000";
    TOUCH = "UPDATE booking SET sequence = sequence + 1, updated_at = $3 WHERE workspace = $1 AND session = $2 AND live = 1";
}

/// Who acts on a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The attendee, bound to the event type's deadlines.
    Attendee,
    /// A member.
    Member,
    /// Barid itself, such as when a payment did not come.
    System,
}

impl By {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attendee => "attendee",
            Self::Member => "member",
            Self::System => "system",
        }
    }
}

fn not_now(detail: &str) -> Error {
    Error::Conflict(detail.to_owned())
}

/// The session of a live booking.
pub(crate) async fn session_of(ctx: &Ctx, booking: BookingId) -> Result<Option<RawId>> {
    let row: Option<(RawId,)> = ctx.db.opt(SESSION_OF, params![ctx.workspace, booking]).await?;
    Ok(row.map(|row| row.0))
}

/// Whether a deadline (minutes before the start; none means never) still lets the attendee act.
pub fn in_time(until: Option<u32>, start: Timestamp, now: Timestamp) -> bool {
    until.is_some_and(|minutes| now <= start.plus_seconds(-60 * i64::from(minutes)))
}

fn allowed(by: By, until: Option<u32>, booking: &Booking, now: Timestamp) -> Result<()> {
    if !booking.state.is_live() {
        return Err(not_now("this booking was called off already"));
    }
    if by == By::Attendee && !in_time(until, booking.start, now) {
        return Err(not_now("it is too late for that; please write to us instead"));
    }
    Ok(())
}

/// Moves a booking in one change: the old time is kept until the new one is certain. UID stays, SEQUENCE grows, and
/// the host stays where that is possible.
///
/// # Errors
/// When the new time is not on offer, the deadline has passed, or the booking has ended.
pub async fn reschedule(
    ctx: &Ctx,
    (booking, outside): (&Booking, Option<&Calendars>),
    (start, duration): (Timestamp, Option<u32>),
    host: Option<HostId>,
    by: By,
) -> Result<Booking> {
    let of = event_types::get(ctx, booking.event_type).await?;
    allowed(by, of.definition.reschedule_until, booking, ctx.now())?;
    let length = u32::try_from((booking.end.0 - booking.start.0) / crate::slots::MINUTE).unwrap_or(0);
    let duration = duration.or_else(|| of.definition.lasts(length).then_some(length));
    let _turn = turns::wait(ctx.workspace, of.id).await;
    let wanted = Wanted { duration, host, reschedule_of: Some(booking.id), ..Wanted::between(start, start) };
    let mut choice = choose(ctx, (&of, outside), start, wanted).await?;
    let (hosts, _) = booking.parts(ctx).await?;
    // Whoever had it keeps it if they are free then.
    choice.teams.sort_by_key(|team| !team.first().is_some_and(|part| hosts.contains(&part.host)));
    let keeps = choice.teams.first().and_then(|team| team.first()).is_some_and(|part| hosts.contains(&part.host));
    if keeps {
        choice.teams.truncate(1);
    }
    moved(ctx, &of, booking, choice).await
}

async fn moved(ctx: &Ctx, of: &EventType, booking: &Booking, choice: Choice) -> Result<Booking> {
    let (inner, before, definition) = (ctx.clone(), booking.clone(), of.definition.clone());
    let fresh = ctx.id::<BookingId>().0;
    let (start, end) = (choice.place.start, choice.place.end);
    let happened = Happened { start, end, sequence: booking.sequence + 1, ..Happened::to(booking, of) };
    let civil = civil_text(&zone("timezone", &choice.timezone)?, start.0);
    let due = definition.retention_days.map(|days| end.plus_micros(i64::from(days) * Timestamp::DAY));
    let answers_due = booking.details(ctx).await?.and_then(|details| super::answers::due(&details, end));
    ctx.db
        .tx(move |tx| {
            let (ctx, workspace) = (&inner, inner.workspace);
            tx.exec(claim::TURN, params![workspace, before.event_type])?;
            claim::leave(tx, workspace, before.session, ctx.now())?;
            let session = settle_on(tx, ctx, &choice, (ctx.now(), fresh, true), FOREVER)?;
            let Some(session) = session else {
                return Err(store::Error::Refused(Problem::new(
                    Code::Conflict,
                    "slot_taken: somebody else was faster",
                )));
            };
            let values = params![
                workspace,
                before.id,
                session,
                start,
                end,
                choice.timezone.as_str(),
                civil.as_str(),
                due,
                ctx.now(),
                before.sequence,
                answers_due
            ];
            if tx.exec(MOVE, values)? != 1 {
                let problem = Problem::new(Code::ChangedMeanwhile, "somebody else changed this booking meanwhile");
                return Err(store::Error::Refused(problem));
            }
            let mut batch = ctx.batch();
            told(&mut batch, "booking.rescheduled", happened);
            if before.state == State::Confirmed {
                reminders::plan(&mut batch, &definition, before.id, (start, end), ctx.now());
            }
            tx.apply(batch)?;
            Ok(())
        })
        .await
        .map_err(refused)?;
    get(ctx, booking.id).await
}

/// How a booking ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Cancelled,
    Declined,
}

/// Ends a booking. `back` says whether money that was paid goes back, where the one who acts may choose.
pub(crate) async fn end(
    ctx: &Ctx,
    booking: &Booking,
    how: End,
    (by, back): (By, Option<bool>),
    reason: Option<&str>,
) -> Result<Booking> {
    let of = event_types::get(ctx, booking.event_type).await?;
    let reason = reason.map(str::trim).filter(|text| !text.is_empty());
    let mut details = booking.details(ctx).await?.unwrap_or_default();
    details.reason = reason.map(|text| text.chars().filter(|c| !c.is_control() || *c == '\n').take(1000).collect());
    let sealed = Booking::seal(ctx, booking.contact, &details).await?;
    let (hosts, _) = booking.parts(ctx).await?;
    let (inner, before) = (ctx.clone(), booking.clone());
    let (state, kind) = match how {
        End::Cancelled => (State::Cancelled, "booking.cancelled"),
        End::Declined => (State::Declined, "booking.declined"),
    };
    ctx.db
        .tx(move |tx| {
            let (ctx, workspace) = (&inner, inner.workspace);
            let ending = Ending::of(&before, of.definition.payment.as_ref(), (by, back), ctx.now());
            let values = params![
                workspace,
                before.id,
                state.as_str(),
                by.as_str(),
                sealed.clone(),
                ctx.now(),
                ending.payment.as_deref(),
                before.sequence,
                before.payment.as_deref().unwrap_or_default()
            ];
            if tx.exec(END, values)? != 1 {
                let problem = Problem::new(Code::Conflict, "this booking was called off or changed already");
                return Err(store::Error::Refused(problem));
            }
            claim::leave(tx, workspace, before.session, ctx.now())?;
            let mut batch = ctx.batch();
            let happened = Happened { sequence: before.sequence + 1, ..Happened::to(&before, &of) };
            told_to(&mut batch, kind, happened, &hosts);
            ending.plan(&mut batch);
            tx.apply(batch)?;
            Ok(())
        })
        .await
        .map_err(refused)?;
    get(ctx, booking.id).await
}

/// Calls a booking off and frees the time at once.
///
/// # Errors
/// When the deadline has passed or the booking has ended.
pub async fn cancel(ctx: &Ctx, booking: &Booking, by: By, reason: Option<&str>) -> Result<Booking> {
    cancel_and(ctx, booking, (by, None), reason).await
}

/// The same; a member says whether money that was paid goes back. Without a word it does. Attendees have it back
/// within the term that the event type gives, whatever is said here.
///
/// # Errors
/// As [`cancel`].
pub async fn cancel_and(
    ctx: &Ctx,
    booking: &Booking,
    (by, back): (By, Option<bool>),
    reason: Option<&str>,
) -> Result<Booking> {
    let of = event_types::get(ctx, booking.event_type).await?;
    allowed(by, of.definition.cancel_until, booking, ctx.now())?;
    end(ctx, booking, End::Cancelled, (by, back), reason).await
}

/// A member says no to a booking that waits for approval.
///
/// # Errors
/// When it does not wait.
pub async fn decline(ctx: &Ctx, booking: &Booking, reason: Option<&str>) -> Result<Booking> {
    if booking.state != State::Pending || booking.payment.is_some() {
        return Err(not_now("this booking does not wait for approval"));
    }
    end(ctx, booking, End::Declined, (By::Member, None), reason).await
}

/// A member says yes: to a request, or to a payment of another amount than was asked for.
///
/// # Errors
/// When the booking does not wait, or waits to be paid.
pub async fn approve(ctx: &Ctx, booking: &Booking) -> Result<Booking> {
    if let Some(problem) = crate::payments::unpaid(booking) {
        return Err(Error::Invalid(problem));
    }
    let of = event_types::get(ctx, booking.event_type).await?;
    let mut batch = ctx.batch();
    batch.guard(APPROVE, params![ctx.workspace, booking.id, ctx.now()]);
    told(&mut batch, "booking.confirmed", Happened::to(booking, &of));
    reminders::plan(&mut batch, &of.definition, booking.id, (booking.start, booking.end), ctx.now());
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(not_now("this booking does not wait for approval")),
        other => {
            other?;
            get(ctx, booking.id).await
        }
    }
}

/// Notes whether the attendee came, once the appointment has begun.
///
/// # Errors
/// When it has not begun, or did not take place.
pub async fn no_show(ctx: &Ctx, booking: &Booking, missed: bool) -> Result<Booking> {
    if booking.start > ctx.now() {
        return Err(not_now("the appointment has not begun yet"));
    }
    let mut batch = ctx.batch();
    batch.guard(NO_SHOW, params![ctx.workspace, booking.id, i64::from(missed), ctx.now()]);
    let kind = if missed { "booking.no_show" } else { "booking.attended" };
    batch.feed(store::Feed { kind, entity: booking.id.into(), data: serde_json::json!({}) });
    match ctx.db.apply(batch).await {
        Err(store::Error::Guard(_)) => Err(not_now("only an appointment that took place can be missed")),
        other => {
            other?;
            get(ctx, booking.id).await
        }
    }
}

/// Gives a session to another host, with everybody who has a seat: when a host falls ill or has left.
///
/// # Errors
/// When the new host is busy then, or is not one.
pub async fn reassign(ctx: &Ctx, booking: &Booking, from: HostId, to: HostId) -> Result<Booking> {
    if !booking.state.is_live() {
        return Err(not_now("this booking was called off already"));
    }
    let of = event_types::get(ctx, booking.event_type).await?;
    let host = crate::hosts::get(ctx, to).await?;
    if host.left_at.is_some() {
        return Err(crate::error::invalid("to", "this member is gone"));
    }
    let (inner, before) = (ctx.clone(), booking.clone());
    ctx.db
        .tx(move |tx| {
            let (ctx, workspace) = (&inner, inner.workspace);
            tx.exec(claim::TURN, params![workspace, before.event_type])?;
            let free = claim::give(tx, workspace, before.session, (from, to), ctx.now())?;
            if !free {
                return Err(store::Error::Refused(Problem::new(Code::Conflict, "the other host is busy then")));
            }
            let shared: Vec<(BookingId, u32)> = tx.all(SHARED, params![workspace, before.session])?;
            tx.exec(SWAP_UNITS, params![workspace, before.session, from])?;
            if tx.exec(SWAP_HOST, params![workspace, before.session, from, to])? != 1 {
                return Err(store::Error::Refused(Problem::field("from", "this host does not take part")));
            }
            tx.exec(TOUCH, params![workspace, before.session, ctx.now()])?;
            let mut batch = ctx.batch();
            for (id, sequence) in shared {
                let happened = Happened { booking: id, sequence: sequence + 1, ..Happened::to(&before, &of) };
                told(&mut batch, "booking.rescheduled", happened);
            }
            tx.apply(batch)?;
            Ok(())
        })
        .await
        .map_err(refused)?;
    get(ctx, booking.id).await
}
