//! The jobs of the queue `booking.mail`.

use accounts::members::Member;
use kernel::{BookingId, ContactId, Email, Locale, RawId, Timestamp};
use outbound::Outbound;
use outbound::notices::{Letter, write};
use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core, Ctx};

use super::Kind;
use super::content::variants;
use super::invitation::{Reader, invitation};
use super::said::Told;
use crate::reservations::{Happened, MAIL_QUEUE, State};
use crate::{Error, Result, hosts};

/// Sends what is to be told about bookings.
pub struct MailJob(Outbound);

impl MailJob {
    /// A handler over the process's outbound service.
    pub fn new(outbound: Outbound) -> Self {
        Self(outbound)
    }
}

impl Handler for MailJob {
    fn queue(&self) -> &'static str {
        MAIL_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, std::result::Result<Outcome, String>> {
        Box::pin(async move {
            let ctx = core.ctx(job.workspace, Actor::System);
            self.tell(&ctx, &job).await.map_err(|error| error.to_string())?;
            Ok(Outcome::Done)
        })
    }
}

/// Who is told what.
struct Plan {
    attendee: Option<Kind>,
    guests: Option<Kind>,
    hosts: Option<Kind>,
}

impl Plan {
    const fn of(attendee: Kind, guests: Option<Kind>, hosts: Option<Kind>) -> Self {
        Self { attendee: Some(attendee), guests, hosts }
    }
}

/// What a job means now: a booking that was changed again meanwhile has a later job of its own.
fn plan(told: &Told, what: &str, job: &Job) -> Option<Plan> {
    let booking = &told.booking;
    // People who do not exist have no mailboxes.
    if booking.source == crate::samples::SOURCE {
        return None;
    }
    let number = |name: &str| job.payload.get(name).and_then(serde_json::Value::as_u64);
    let current = number("sequence").is_none_or(|sequence| sequence == u64::from(booking.sequence));
    let start: Option<Timestamp> = job.payload.get("start").and_then(|at| serde_json::from_value(at.clone()).ok());
    let same_time = start.is_none_or(|start| start == booking.start);
    if !current || !same_time {
        return None;
    }
    match (what, booking.state) {
        ("confirmed", State::Confirmed) => {
            Some(Plan::of(Kind::Confirmed, Some(Kind::Guest), Some(Kind::HostConfirmed)))
        }
        ("pending", State::Pending) if booking.payment.is_some() => Some(Plan::of(Kind::Unpaid, None, None)),
        ("pending", State::Pending) => Some(Plan::of(Kind::Pending, None, Some(Kind::HostPending))),
        ("rescheduled", State::Confirmed) => {
            Some(Plan::of(Kind::Rescheduled, Some(Kind::Guest), Some(Kind::HostRescheduled)))
        }
        ("rescheduled", State::Pending) => Some(Plan::of(Kind::Rescheduled, None, Some(Kind::HostRescheduled))),
        ("cancelled", State::Cancelled) => {
            let kind = match booking.ended_by.as_deref() {
                Some("attendee") => Kind::Cancelled,
                Some("system") => Kind::Lapsed,
                _ => Kind::CalledOff,
            };
            Some(Plan::of(kind, Some(Kind::CalledOff), Some(Kind::HostCancelled)))
        }
        ("declined", State::Declined) => Some(Plan::of(Kind::Declined, None, None)),
        ("reminder", State::Confirmed) => Some(Plan::of(Kind::Reminder, None, None)),
        ("follow_up", State::Confirmed) if !booking.no_show => Some(Plan::of(Kind::FollowUp, None, None)),
        _ => None,
    }
}

impl MailJob {
    async fn tell(&self, ctx: &Ctx, job: &Job) -> Result<()> {
        let read = |name: &str| job.payload.get(name).and_then(serde_json::Value::as_str);
        let id: BookingId =
            read("booking").and_then(|text| text.parse().ok()).ok_or(Error::Internal("a job without its booking"))?;
        let Some(mut told) = Told::load(ctx, self.0.public_url(), id).await? else { return Ok(()) };
        if told.hosts.is_empty() {
            let had = job.payload.get("hosts").and_then(serde_json::Value::as_array).into_iter().flatten();
            told.hosts = had.filter_map(|host| host.as_str()?.parse().ok()).collect();
        }
        let Some(plan) = plan(&told, read("what").unwrap_or_default(), job) else { return Ok(()) };
        if plan.attendee == Some(Kind::Reminder) {
            let mut batch = ctx.batch();
            batch.feed(Happened::to(&told.booking, &told.of).feed("booking.reminded"));
            ctx.db.apply(batch).await?;
        }
        let mut number = 0_u8;
        let mut next = || {
            number += 1;
            number
        };
        if let Some(kind) = plan.attendee {
            let to = Email::parse(&told.details.email).map_err(|_| Error::Internal("an attendee's address"))?;
            let person = Person {
                subject: told.booking.contact,
                to,
                name: Some(told.details.name.clone()),
                language: told.booking.language.parse().unwrap_or_else(|_| Locale::en()),
                reader: Some(Reader::Attendee),
            };
            self.send(ctx, job, (&told, kind), (next(), person)).await?;
        }
        if let Some(kind) = plan.guests {
            for address in &told.details.guests {
                let Ok(to) = Email::parse(address) else { continue };
                let person = Person {
                    // The attendee asked for it: it stands and goes with their data.
                    subject: told.booking.contact,
                    to,
                    name: None,
                    language: told.booking.language.parse().unwrap_or_else(|_| Locale::en()),
                    reader: Some(Reader::Guest(address)),
                };
                self.send(ctx, job, (&told, kind), (next(), person)).await?;
            }
        }
        if let Some(kind) = plan.hosts {
            let language = accounts::workspaces::get(ctx).await?.language;
            for member in members(ctx, &told).await? {
                let person = Person {
                    subject: ContactId(member.user.0),
                    to: member.email.expose().clone(),
                    name: Some(member.name.expose().clone()).filter(|name| !name.is_empty()),
                    language: language.clone(),
                    reader: None,
                };
                self.send(ctx, job, (&told, kind), (next(), person)).await?;
            }
        }
        Ok(())
    }

    async fn send(
        &self,
        ctx: &Ctx,
        job: &Job,
        (told, kind): (&Told, Kind),
        (number, person): (u8, Person<'_>),
    ) -> Result<()> {
        // One id for each recipient of a job: a second run sends nothing twice.
        let mut which = job.id.0.to_vec();
        which.push(number);
        let id: RawId = ctx.keys().await?.mac("booking mail", &which);
        let quiet = matches!(kind, Kind::Reminder | Kind::FollowUp);
        let letter = Letter {
            kind: kind.key().replace("mail.", "booking."),
            subject: person.subject,
            to: person.to,
            name: person.name,
            fields: told.fields(kind, person.language.as_str()),
            language: person.language,
            content: variants(kind)?,
            invitation: person.reader.filter(|_| !quiet).and_then(|reader| invitation(told, reader)),
        };
        super::log::note(ctx, told.booking.id, id).await?;
        match write(&self.0, ctx, id, letter).await {
            // Whoever may not be written to is not; the others still are.
            Ok(()) | Err(outbound::Error::Denied(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// To whom a mail goes.
struct Person<'a> {
    subject: ContactId,
    to: Email,
    name: Option<String>,
    language: Locale,
    reader: Option<Reader<'a>>,
}

/// The members behind the hosts of a booking, as long as they are members.
async fn members(ctx: &Ctx, told: &Told) -> Result<Vec<Member>> {
    let known = hosts::list(ctx).await?;
    let users: Vec<_> = known
        .iter()
        .filter(|host| told.hosts.contains(&host.id) && host.left_at.is_none())
        .filter_map(|host| host.member)
        .collect();
    let mut out = Vec::new();
    let mut after = None;
    while out.len() < users.len() {
        let page = accounts::members::list(ctx, after, 1000).await?;
        after = page.last().map(|member| member.id);
        let full = page.len() == 1000;
        out.extend(page.into_iter().filter(|member| users.contains(&member.user) && !member.invited));
        if !full {
            break;
        }
    }
    Ok(out)
}
