//! Making a booking: offered by the same function as the picker, decided and written in one transaction.

use std::collections::HashMap;

use kernel::{BookingId, Code, HoldId, HostId, Problem, RawId, ResourceId, Timestamp};
use people::subscribe::Proof;
use serde_json::json;
use store::{Ctx, Feed, NewJob, Tx, params};

use super::assign::{self, Contender, Counts};
use super::attendee::{self, Attendee, Details, Filled};
use super::claim::{self, FOREVER, Part, Place, Term};
use super::model::{Booking, State, get};
use crate::calendars::{self, Calendars};
use crate::event_types::{EventType, TypeState};
use crate::model::{civil_text, zone};
use crate::offer::{Offer, Wanted, offer};
use crate::slots::{Mode, Start};
use crate::{Error, Result, hosts, turns};

/// How many hosts of a round robin are asked over the network before the booking is refused.
const RECHECKS: usize = 3;

store::sql! {
    pub(super) INSERT_BOOKING = "INSERT INTO booking (workspace, id, session, event_type, contact, state, live, sequence, start_at, end_at, timezone, civil,
        attendee_timezone, language, source, sealed, no_show, payment, payment_reference, pay_by, ended_by, due_at, created_at, updated_at, answers_due_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, 0, $7, $8, $9, $10, $11, $12, $13, $14, 0, $15, NULL, $16, NULL, $17, $18, $18, $19)";
    SAME = "SELECT id FROM booking WHERE workspace = $1 AND contact = $2 AND start_at = $3 AND event_type = $4 AND live = 1 ORDER BY id LIMIT 1";
    TURNS = "SELECT host, CAST(count(*) AS BIGINT), max(assigned_at) FROM booking_session_host
        WHERE workspace = $1 AND event_type = $2 AND assigned_at >= $3 GROUP BY host";
    HOLD_OF = "SELECT session, start_at, event_type FROM booking_hold WHERE workspace = $1 AND id = $2 AND expires_at > $3";
    DELETE_HOLD = "DELETE FROM booking_hold WHERE workspace = $1 AND id = $2";
    PARTS_OF = "SELECT host, day FROM booking_session_host WHERE workspace = $1 AND session = $2";
}

/// What is to be booked.
#[derive(Debug, Clone)]
pub struct Booked {
    /// When.
    pub start: Timestamp,
    /// How long; the event type's own when absent.
    pub duration: Option<u32>,
    /// With this host of the pool.
    pub host: Option<HostId>,
    /// The slot that is held for it.
    pub hold: Option<HoldId>,
    /// Who books.
    pub attendee: Attendee,
    /// What was filled in.
    pub filled: Filled,
    /// Whether the box of the topic on offer was ticked.
    pub marketing: bool,
    /// What proves who did it.
    pub proof: Proof,
    /// Where it came from: `page`, `embed`, `api`, `import`.
    pub source: &'static str,
}

/// Somebody else was faster, or it is not on offer.
pub(crate) fn slot_taken(detail: &str) -> Error {
    Error::Invalid(Problem::new(Code::Conflict, format!("slot_taken: {detail}")))
}

/// Who could serve a start: teams in the order they are tried, and what the place is.
pub(crate) struct Choice {
    pub(crate) place: Place,
    pub(crate) teams: Vec<Vec<Part>>,
    pub(crate) contenders: HashMap<HostId, Contender>,
    pub(crate) rooms: Vec<Vec<HostId>>,
    pub(crate) timezone: String,
}

/// The same function as the picker's, asked about one start.
///
/// # Errors
/// When that start is not on offer; the text says why.
pub(crate) async fn choose(
    ctx: &Ctx,
    (of, outside): (&EventType, Option<&Calendars>),
    start: Timestamp,
    wanted: Wanted,
) -> Result<Choice> {
    if of.state == TypeState::Archived {
        return Err(Error::NotFound("event type"));
    }
    let wanted = Wanted { from: start, to: start.plus_micros(1), why: true, ..wanted };
    let mut offered = offer(ctx, of, &wanted).await?;
    let contenders = contenders(ctx, of).await?;
    for _ in 0..RECHECKS {
        let Some(found) = offered.answer.starts.iter().find(|one| one.at == start.0).cloned() else { break };
        // Those who would be chosen are asked over the network; what their calendars say now is in the next look.
        let asked = first_choice(&offered, &found, &contenders, ctx.rng.as_ref());
        let end = offered.end(start);
        let question = calendars::Wanted {
            hosts: asked.clone(),
            event_type: of.id,
            tentative: of.definition.tentative_blocks,
            from: start.plus_seconds(-60 * i64::from(of.definition.buffer_before)),
            to: end.plus_seconds(60 * i64::from(of.definition.buffer_after)),
        };
        let stale = match outside {
            Some(outside) => outside.recheck(ctx, &question).await? == calendars::Checked::Stale,
            None => false,
        };
        let again = offer(ctx, of, &wanted).await?;
        let free = again.answer.starts.iter().find(|one| one.at == start.0).is_some_and(|one| {
            let there: Vec<HostId> = one.hosts.iter().filter_map(|&place| Some(again.hosts.get(place)?.host)).collect();
            asked.iter().all(|host| there.contains(host))
        });
        offered = again;
        if free && !stale {
            return chosen(of, &offered, start, contenders);
        }
        if stale {
            offered.drop_hosts(&asked, start.0);
        }
    }
    let why = offered.answer.why.iter().find(|why| why.from <= start.0 && start.0 < why.to);
    Err(slot_taken(why.map_or("this time is not on offer", |why| why.reason.as_str())))
}

impl Offer {
    /// Without these hosts at a start: their calendars did not answer.
    fn drop_hosts(&mut self, gone: &[HostId], at: i64) {
        let gone: Vec<usize> = (0..self.hosts.len()).filter(|&place| gone.contains(&self.hosts[place].host)).collect();
        let must: Vec<bool> = self.hosts.iter().map(|one| one.fixed).collect();
        let pooled = self.mode == Mode::RoundRobin;
        self.answer.starts.retain_mut(|start| {
            if start.at != at {
                return true;
            }
            if !pooled || gone.iter().any(|&place| must[place]) {
                return false;
            }
            start.hosts.retain(|place| !gone.contains(place));
            start.hosts.iter().any(|&place| !must[place])
        });
    }
}

fn first_choice(
    offered: &Offer,
    start: &Start,
    contenders: &HashMap<HostId, Contender>,
    rng: &dyn kernel::Rng,
) -> Vec<HostId> {
    let at = |place: usize| offered.hosts.get(place);
    let all = || start.hosts.iter().filter_map(|&place| at(place));
    if offered.mode != Mode::RoundRobin {
        return all().map(|one| one.host).collect();
    }
    let mut out: Vec<HostId> = all().filter(|one| one.fixed).map(|one| one.host).collect();
    let pool: Vec<Contender> = all().filter(|one| !one.fixed).map(|one| contender(contenders, one.host)).collect();
    let everybody: Vec<Contender> = contenders.values().copied().collect();
    out.extend(assign::order(&pool, &everybody, rng).first());
    out
}

fn contender(known: &HashMap<HostId, Contender>, host: HostId) -> Contender {
    known.get(&host).copied().unwrap_or(Contender {
        host,
        weight: 100,
        priority: 0,
        count: 0,
        last: None,
        present: 1.0,
    })
}

fn chosen(of: &EventType, offered: &Offer, start: Timestamp, contenders: HashMap<HostId, Contender>) -> Result<Choice> {
    let definition = &of.definition;
    let found = offered.answer.starts.iter().find(|one| one.at == start.0);
    let found = found.ok_or_else(|| slot_taken("this time is not on offer"))?;
    let part = |place: usize| -> Option<Part> {
        let taking = offered.hosts.get(place)?;
        let date = taking.zone.to_datetime(start.to_jiff()).date();
        Some(Part { host: taking.host, day: crate::slots::day_number(date), room: false })
    };
    let is_fixed = |place: &usize| offered.hosts.get(*place).is_some_and(|one| one.fixed);
    let teams = if offered.mode == Mode::RoundRobin {
        let fixed: Vec<Part> = found.hosts.iter().copied().filter(is_fixed).filter_map(part).collect();
        let pool = found.hosts.iter().copied().filter(|place| !is_fixed(place)).filter_map(part);
        let teams: Vec<Vec<Part>> =
            pool.map(|one| std::iter::once(one).chain(fixed.iter().copied()).collect()).collect();
        if teams.is_empty() { vec![fixed] } else { teams }
    } else {
        vec![found.hosts.iter().copied().filter_map(part).collect()]
    };
    let timezone = offered.hosts.first().map_or_else(|| "UTC".to_owned(), |one| zone_name(&one.zone));
    Ok(Choice {
        place: Place {
            event_type: of.id,
            start,
            end: offered.end(start),
            buffers: (i64::from(definition.buffer_before), i64::from(definition.buffer_after)),
            capacity: definition.capacity,
            limits: (definition.max_per_day, definition.max_per_week),
        },
        teams,
        contenders,
        rooms: definition
            .resources
            .iter()
            .map(|group: &Vec<ResourceId>| group.iter().map(|room| HostId(room.0)).collect())
            .collect(),
        timezone,
    })
}

pub(crate) fn zone_name(zone: &jiff::tz::TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}

/// Everybody of the event type with share and presence; counts are read in the transaction.
async fn contenders(ctx: &Ctx, of: &EventType) -> Result<HashMap<HostId, Contender>> {
    let mut out = HashMap::new();
    if of.definition.mode != Mode::RoundRobin {
        return Ok(out);
    }
    let now = ctx.now();
    let begin = period_begin(of, now);
    for one in of.definition.hosts.iter().filter(|one| !one.fixed) {
        let absences = hosts::absences(ctx, one.host, begin).await?;
        let away: Vec<(i64, i64)> = absences.iter().map(|absence| (absence.from.0, absence.to.0)).collect();
        let since = one.since.unwrap_or(of.created_at);
        // A host of the first hour has been there all the time, however young the event type is.
        let since = if since <= of.created_at { begin } else { since };
        let present = assign::present((begin.0, now.0), since.0, &away);
        let contender =
            Contender { host: one.host, weight: one.weight, priority: one.priority, count: 0, last: None, present };
        out.insert(one.host, contender);
    }
    Ok(out)
}

fn period_begin(of: &EventType, now: Timestamp) -> Timestamp {
    now.plus_micros(-i64::from(of.definition.assignment.period_days) * Timestamp::DAY)
}

/// Puts the teams into the order in which they are tried, by what was given out so far.
fn ranked(tx: &mut Tx<'_>, ctx: &Ctx, choice: &Choice, since: Timestamp) -> store::Result<Vec<Vec<Part>>> {
    if choice.teams.len() < 2 {
        return Ok(choice.teams.clone());
    }
    let rows: Vec<(HostId, i64, Option<Timestamp>)> =
        tx.all(TURNS, params![ctx.workspace, choice.place.event_type, since])?;
    let counts: Counts =
        rows.into_iter().map(|(host, count, last)| (host, (u32::try_from(count).unwrap_or(u32::MAX), last))).collect();
    let counted = |host: HostId| {
        let (count, last) = counts.get(&host).copied().unwrap_or((0, None));
        Contender { count, last, ..contender(&choice.contenders, host) }
    };
    let everybody: Vec<Contender> = choice.contenders.keys().map(|host| counted(*host)).collect();
    let pool: Vec<Contender> =
        choice.teams.iter().filter_map(|team| team.first()).map(|part| counted(part.host)).collect();
    let order = assign::order(&pool, &everybody, ctx.rng.as_ref());
    let team =
        |host: &HostId| choice.teams.iter().find(|team| team.first().is_some_and(|part| part.host == *host)).cloned();
    Ok(order.iter().filter_map(team).collect())
}

/// A choice of one room of each group for a team: every combination is tried in order, the rooms of each group as
/// they are listed.
fn with_rooms(team: &[Part], rooms: &[Vec<HostId>], tried: usize) -> Option<Vec<Part>> {
    let (mut out, mut rest) = (team.to_vec(), tried);
    for group in rooms {
        out.push(Part { host: *group.get(rest % group.len().max(1))?, day: 0, room: true });
        rest /= group.len().max(1);
    }
    (rest == 0).then_some(out)
}

/// Takes a seat (or holds one) with the first team and rooms that can be had.
pub(crate) fn settle_on(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    choice: &Choice,
    (since, fresh, seat): (Timestamp, RawId, bool),
    until: i64,
) -> store::Result<Option<RawId>> {
    let term = Term { now: ctx.now(), until };
    for team in ranked(tx, ctx, choice, since)? {
        for tried in 0..200 {
            let Some(parts) = with_rooms(&team, &choice.rooms, tried) else { break };
            if let Some(session) = claim::take(tx, ctx.workspace, &choice.place, (&parts, fresh, seat), term)? {
                return Ok(Some(session));
            }
            if choice.rooms.is_empty() {
                break;
            }
        }
    }
    Ok(None)
}

/// What happened to a booking, as others are told: no names, no places.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Happened {
    pub(crate) booking: BookingId,
    pub(crate) sequence: u32,
    pub(crate) event_type: kernel::EventTypeId,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// It was made just now.
    pub(crate) new: bool,
    /// It is a seat of several.
    pub(crate) group: bool,
}

impl Happened {
    /// To a booking that was there before.
    pub(crate) fn to(booking: &Booking, of: &EventType) -> Self {
        Self {
            booking: booking.id,
            sequence: booking.sequence,
            event_type: booking.event_type,
            start: booking.start,
            end: booking.end,
            new: false,
            group: of.definition.capacity > 1,
        }
    }

    /// The entry of the feed.
    pub(crate) fn feed(&self, kind: &'static str) -> Feed {
        let data = json!({
            "sequence": self.sequence,
            "event_type": self.event_type,
            "start": self.start,
            "end": self.end,
            "new": self.new,
            "group": self.group,
        });
        Feed { kind, entity: self.booking.into(), data }
    }
}

/// What is told about a change of a booking: an entry of the feed, and the jobs of calendars and mail.
pub(crate) fn told(batch: &mut store::Batch, kind: &'static str, happened: Happened) {
    told_to(batch, kind, happened, &[]);
}

/// The same with the hosts who had it: once a booking has ended, nothing else says whose time it took.
pub(crate) fn told_to(batch: &mut store::Batch, kind: &'static str, happened: Happened, hosts: &[HostId]) {
    let Happened { booking, sequence, .. } = happened;
    batch.feed(happened.feed(kind));
    let payload = json!({ "booking": booking });
    batch.job(NewJob::now(super::CALENDAR_QUEUE, payload.clone()).key(booking.to_string()));
    let what = kind.trim_start_matches("booking.");
    let payload = json!({ "booking": booking, "what": what, "sequence": sequence, "hosts": hosts });
    batch.job(NewJob::now(super::MAIL_QUEUE, payload).key(format!("{booking}/{what}/{sequence}")));
}

/// Books. The same attendee at the same time of the same event type gets the booking that is there; the second value
/// says whether it is new.
///
/// # Errors
/// A conflict `slot_taken: REASON` when the time is not on offer (any more), or what is wrong, by field.
pub async fn book(ctx: &Ctx, outside: Option<&Calendars>, of: &EventType, wanted: Booked) -> Result<(Booking, bool)> {
    let id: BookingId = ctx.id();
    let keys = ctx.keys().await?;
    let room = data_name(&keys.mac("booking room", &id.0));
    let details = attendee::check(of, id, &wanted.attendee, &wanted.filled, &room)?;
    let known = people::contacts::by_email(ctx, &wanted.attendee.email).await?;
    if let Some(contact) = known
        && let Some(first) = same(ctx, of, contact, wanted.start).await?
    {
        return Ok((first, false));
    }
    let _turn = turns::wait(ctx.workspace, of.id).await;
    let asked = Wanted {
        duration: wanted.duration,
        host: wanted.host,
        hold: wanted.hold,
        ..Wanted::between(wanted.start, wanted.start)
    };
    if of.definition.payment.is_some() && !crate::payments::connected(ctx).await? {
        return Err(Error::Conflict("this costs something, and nothing can be paid at the moment".to_owned()));
    }
    let choice = choose(ctx, (of, outside), wanted.start, asked).await?;
    let contact = attendee::contact(ctx, of, &wanted.attendee).await?;
    if let Some(first) = same(ctx, of, contact, wanted.start).await? {
        return Ok((first, false));
    }
    attendee::state_request(ctx, contact, of, &wanted.proof).await?;
    let made = insert(ctx, of, (id, contact), (choice, details), &wanted).await?;
    if wanted.marketing {
        // The appointment stands whatever becomes of the newsletter.
        if let Err(error) = attendee::join_topic(ctx, of, &wanted.attendee, wanted.proof.clone()).await {
            tracing::warn!(booking = %made.id, problem = error.problem().code.as_str(), "the topic was not joined");
        }
    }
    Ok((made, true))
}

/// A name of sixteen letters and digits for a meeting room.
fn data_name(mac: &[u8; 16]) -> String {
    data_encoding::HEXLOWER.encode(&mac[..10])
}

async fn same(ctx: &Ctx, of: &EventType, contact: kernel::ContactId, start: Timestamp) -> Result<Option<Booking>> {
    let found: Option<(BookingId,)> = ctx.db.opt(SAME, params![ctx.workspace, contact, start, of.id]).await?;
    match found {
        Some((id,)) => Ok(Some(get(ctx, id).await?)),
        None => Ok(None),
    }
}

async fn insert(
    ctx: &Ctx,
    of: &EventType,
    (id, contact): (BookingId, kernel::ContactId),
    (choice, details): (Choice, Details),
    wanted: &Booked,
) -> Result<Booking> {
    let sealed = Booking::seal(ctx, contact, &details).await?;
    let definition = of.definition.clone();
    let (state, payment) = match (&definition.payment, definition.approval) {
        (Some(_), _) => (State::Pending, Some("open")),
        (None, true) => (State::Pending, None),
        (None, false) => (State::Confirmed, None),
    };
    let pay_by = definition.payment.as_ref().map(|price| ctx.now().plus_seconds(60 * i64::from(price.pay_within)));
    let end = choice.place.end;
    let due = definition.retention_days.map(|days| end.plus_micros(i64::from(days) * Timestamp::DAY));
    let answers_due = super::answers::due(&details, end);
    let civil = civil_text(&zone("timezone", &choice.timezone)?, wanted.start.0);
    let timezone = choice.timezone.clone();
    let kind = if state == State::Confirmed { "booking.confirmed" } else { "booking.pending" };
    let (since, fresh) = (period_begin(of, ctx.now()), ctx.id::<BookingId>().0);
    let (ctx2, hold, source) = (ctx.clone(), wanted.hold, wanted.source);
    let attendee_zone = wanted.attendee.timezone.clone();
    let language = wanted.attendee.language.to_string();
    let event_type = of.id;
    ctx.db
        .tx(move |tx| {
            let ctx = &ctx2;
            let workspace = ctx.workspace;
            if tx.exec(claim::TURN, params![workspace, event_type])? == 0 {
                return Err(store::Error::Refused(Problem::new(Code::NotFound, "this cannot be booked any more")));
            }
            let mut session = None;
            if let Some(hold) = hold {
                let held: Option<(RawId, Timestamp, kernel::EventTypeId)> =
                    tx.opt(HOLD_OF, params![workspace, hold, ctx.now()])?;
                if let Some((held, ..)) = held {
                    tx.exec(DELETE_HOLD, params![workspace, hold])?;
                    session =
                        claim::redeem(tx, workspace, &choice.place, held, Term { now: ctx.now(), until: FOREVER })?;
                    if session.is_none() {
                        claim::settle(tx, workspace, held, ctx.now())?;
                    }
                }
            }
            if session.is_none() {
                session = settle_on(tx, ctx, &choice, (since, fresh, true), FOREVER)?;
            }
            let Some(session) = session else {
                return Err(store::Error::Refused(Problem::new(
                    Code::Conflict,
                    "slot_taken: somebody else was faster",
                )));
            };
            let values = params![
                workspace,
                id,
                session,
                event_type,
                contact,
                state.as_str(),
                choice.place.start,
                end,
                timezone.as_str(),
                civil.as_str(),
                attendee_zone.as_str(),
                language.as_str(),
                source,
                sealed.clone(),
                payment,
                pay_by,
                due,
                ctx.now(),
                answers_due
            ];
            tx.exec(INSERT_BOOKING, values)?;
            let mut batch = ctx.batch();
            let happened = Happened {
                booking: id,
                sequence: 0,
                event_type,
                start: choice.place.start,
                end,
                new: true,
                group: definition.capacity > 1,
            };
            told(&mut batch, kind, happened);
            if let Some(at) = pay_by {
                batch.job(crate::payments::job::lapse(id, at));
            }
            if state == State::Confirmed {
                super::reminders::plan(&mut batch, &definition, id, (choice.place.start, end), ctx.now());
            }
            tx.apply(batch)?;
            Ok(())
        })
        .await
        .map_err(refused)?;
    get(ctx, id).await
}

/// A refusal inside a transaction is the caller's problem, not the store's.
pub(crate) fn refused(error: store::Error) -> Error {
    match error {
        store::Error::Refused(problem) => Error::Invalid(problem),
        other => other.into(),
    }
}
