//! Storing what was read, or telling what would be stored.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::{Code, ContactId, Email, HostId, Locale, RawId};
use people::contacts::{self, Draft, Origin, Standard};
use privacy::provenance::Method;
use store::{Ctx, Feed, params};

use super::event_types::{self as theirs, Offered, read_event_types};
use super::events::{self, Event, read_events};
use super::{Reject, Report, Wanted};
use crate::error::invalid;
use crate::event_types::{self, EventType, TypeState};
use crate::model::{TypeHost, zone};
use crate::reservations::{Details, Past, insert_past};
use crate::slots::Mode;
use crate::{Error, Result, hosts};

store::sql! {
    KNOWN = "SELECT entity FROM booking_import WHERE workspace = $1 AND origin = $2";
    DUE = "SELECT NULL, at, origin FROM booking_import WHERE workspace = $1 AND at < $2 ORDER BY at LIMIT $3";
    END = "DELETE FROM booking_import WHERE workspace = $1 AND origin = $2";
    REMEMBER = "INSERT INTO booking_import (workspace, origin, entity, at) VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, origin) DO NOTHING";
}

store::personal!(store::PersonalTable {
    table: "booking_import",
    class: "booking",
    subject: "",
    columns: &["origin"],
    erase: &[],
    kept: Some("what an imported booking was called elsewhere, under a keyed hash: what was erased does not come back"),
    collect: None,
});

store::retention!(store::RetentionRule {
    table: "booking_import",
    class: "booking",
    covers: &[],
    event: "the import",
    due_by: store::DueBy::Instant,
    find: DUE,
    end: &[END],
    before: None,
    after: None,
});

/// Everything that rows are matched against.
struct Here {
    hosts: HashMap<String, HostId>,
    zones: HashMap<HostId, String>,
    types: HashMap<String, EventType>,
    slugs: HashSet<String>,
}

impl Here {
    async fn look(ctx: &Ctx) -> Result<Self> {
        let all = hosts::list(ctx).await?;
        let mut by_mail = HashMap::new();
        let mut after = None;
        loop {
            let page = accounts::members::list(ctx, after, 1000).await?;
            after = page.last().map(|member| member.id);
            let full = page.len() == 1000;
            for member in page {
                let host = all.iter().find(|host| host.member == Some(member.user) && host.left_at.is_none());
                by_mail.extend(host.map(|host| (member.email.expose().wire().to_lowercase(), host.id)));
            }
            if !full {
                break;
            }
        }
        let types = event_types::all(ctx).await?;
        Ok(Self {
            hosts: by_mail,
            zones: all.iter().map(|host| (host.id, host.timezone.clone())).collect(),
            slugs: types.iter().map(|of| of.slug.clone()).collect(),
            types: types
                .into_iter()
                .flat_map(|of| named(&of).map(|name| (name, of.clone())).collect::<Vec<_>>())
                .collect(),
        })
    }
}

/// The names by which an event type is found.
fn named(of: &EventType) -> impl Iterator<Item = String> + '_ {
    [&of.definition.en.title, &of.definition.ar.title]
        .into_iter()
        .map(|title| title.trim().to_lowercase())
        .filter(|title| !title.is_empty())
}

/// A name as it is kept: only who knows it can tell that it is this one.
async fn origin(ctx: &Ctx, kind: &str, key: &str) -> Result<RawId> {
    Ok(ctx.keys().await?.mac("booking import", format!("{kind}\0{key}").as_bytes()))
}

async fn known(ctx: &Ctx, origin: RawId) -> Result<Option<RawId>> {
    let row: Option<(RawId,)> = ctx.db.opt(KNOWN, params![ctx.workspace, origin]).await?;
    Ok(row.map(|row| row.0))
}

/// Imports, or tells what an import would do. Twice the same is once; what cannot be taken is told by line.
///
/// # Errors
/// A file that cannot be understood at all, or a host, event type or zone that does not exist.
pub async fn run(ctx: &Ctx, wanted: &Wanted) -> Result<Report> {
    if wanted.event_types.is_none() && wanted.events.is_none() {
        return Err(invalid("events", "name at least one file"));
    }
    let mut here = Here::look(ctx).await?;
    if let Some(host) = wanted.host
        && !here.zones.contains_key(&host)
    {
        return Err(invalid("host", "there is no such host"));
    }
    let mut report = Report { dry_run: wanted.dry_run, ..Report::default() };
    if let Some(text) = &wanted.event_types {
        types(ctx, (text, wanted), &mut here, &mut report).await?;
    }
    if let Some(text) = &wanted.events {
        bookings(ctx, (text, wanted), &here, &mut report).await?;
    }
    if !wanted.dry_run {
        let mut batch = ctx.batch();
        accounts::audit::record(&mut batch, ctx, "booking.imported", &[&report.event_types.new, &report.bookings.new]);
        ctx.db.apply(batch).await?;
    }
    Ok(report)
}

async fn types(ctx: &Ctx, (text, wanted): (&str, &Wanted), here: &mut Here, report: &mut Report) -> Result<()> {
    let read = read_event_types(text)?;
    report.event_types.rows = (read.items.len() + read.rejects.len()) as u64;
    for reject in read.rejects {
        report.reject(reject);
    }
    for (line, offered) in read.items {
        let origin = origin(ctx, theirs::FILE, &offered.key).await?;
        if known(ctx, origin).await?.is_some() {
            report.event_types.known += 1;
            continue;
        }
        match one_type(ctx, (offered, origin), wanted, here).await {
            Ok(()) => report.event_types.new += 1,
            Err(error) => report.reject(refused(theirs::FILE, line, error)?),
        }
    }
    Ok(())
}

async fn one_type(ctx: &Ctx, (offered, origin): (Offered, RawId), wanted: &Wanted, here: &mut Here) -> Result<()> {
    let mut definition = offered.definition;
    let host = wanted.host.or_else(|| here.hosts.values().min().copied());
    let host = host.ok_or_else(|| invalid("host", "name the host who receives people; there is none yet"))?;
    definition.hosts = vec![TypeHost { host, fixed: false, weight: 100, priority: 0, schedule: None, since: None }];
    if definition.mode == Mode::Collective {
        definition.mode = Mode::Single;
    }
    definition.check()?;
    let mut slug = offered.slug.clone();
    for number in 2.. {
        if here.slugs.insert(slug.clone()) {
            break;
        }
        slug = format!("{}-{number}", offered.slug);
    }
    let of = if wanted.dry_run {
        let now = ctx.now();
        EventType {
            id: ctx.id(),
            slug,
            state: TypeState::Hidden,
            definition,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    } else {
        let state = if offered.active { TypeState::Hidden } else { TypeState::Archived };
        let of = event_types::create(ctx, &slug, state, definition).await?;
        let mut batch = ctx.batch();
        batch.push(REMEMBER, params![ctx.workspace, origin, of.id, ctx.now()]);
        ctx.db.apply(batch).await?;
        of
    };
    for name in named(&of).collect::<Vec<_>>() {
        here.types.entry(name).or_insert_with(|| of.clone());
    }
    Ok(())
}

async fn bookings(ctx: &Ctx, (text, wanted): (&str, &Wanted), here: &Here, report: &mut Report) -> Result<()> {
    let fallback = match wanted.event_type {
        Some(id) => Some(event_types::get(ctx, id).await?),
        None => None,
    };
    let local = wanted.timezone.clone().or_else(|| here.zones.get(&wanted.host?).cloned());
    let local = zone("timezone", local.as_deref().unwrap_or("UTC"))?;
    let read = read_events(text, &local)?;
    report.bookings.rows = (read.items.len() + read.rejects.len()) as u64;
    for reject in read.rejects {
        report.reject(reject);
    }
    let mut seen = HashSet::new();
    for (line, event) in read.items {
        let origin = origin(ctx, events::FILE, &event.key).await?;
        if !seen.insert(origin) || known(ctx, origin).await?.is_some() {
            report.bookings.known += 1;
            continue;
        }
        match one_booking(ctx, (&event, origin), (wanted, fallback.as_ref()), here).await {
            Ok(left) => {
                report.bookings.new += 1;
                report.answers_left_out += left;
            }
            Err(error) => report.reject(refused(events::FILE, line, error)?),
        }
    }
    Ok(())
}

/// A row's refusal; what is nobody's fault but ours stays an error.
fn refused(file: &'static str, line: u64, error: Error) -> Result<Reject> {
    let problem = error.problem();
    if matches!(problem.code, Code::Internal | Code::Unavailable) {
        return Err(error);
    }
    let detail = problem.fields.first().map_or(problem.detail, |field| field.detail.clone());
    Ok(Reject { file, line, field: None, detail })
}

async fn one_booking(
    ctx: &Ctx,
    (event, origin): (&Event, RawId),
    (wanted, fallback): (&Wanted, Option<&EventType>),
    here: &Here,
) -> Result<u64> {
    let own = event.host.as_ref().and_then(|host| here.hosts.get(&host.wire().to_lowercase())).copied();
    let host = own.or(wanted.host).ok_or_else(|| {
        Error::Conflict("its host is no host here; make them one, or name a host for the whole import".to_owned())
    })?;
    let of = here.types.get(&event.event_type.trim().to_lowercase()).or(fallback).ok_or_else(|| {
        Error::Conflict(
            "there is no event type of this name; import event types too, or name one for the whole import".to_owned(),
        )
    })?;
    let (answers, left) = events::answers(event, &of.definition.questions);
    if wanted.dry_run {
        return Ok(left);
    }
    let home = here.zones.get(&host).cloned().unwrap_or_else(|| "UTC".to_owned());
    let seen_in = event.timezone.as_deref().filter(|name| zone("timezone", name).is_ok()).unwrap_or(&home);
    let language = Locale::en();
    let contact = person(ctx, &event.email, &event.name).await?;
    let past = Past {
        id: ctx.id(),
        contact,
        host,
        start: event.start,
        end: event.end,
        cancelled: event.cancelled.is_some(),
        no_show: event.no_show && event.cancelled.is_none(),
        created_at: event.created_at.filter(|at| *at <= ctx.now()).unwrap_or(ctx.now()),
        attendee_timezone: seen_in.to_owned(),
        language: language.to_string(),
        details: Details {
            name: event.name.clone(),
            email: event.email.wire(),
            guests: event.guests.iter().map(Email::wire).collect(),
            location: event.location.clone(),
            answers,
            reason: event.cancelled.clone().filter(|reason| !reason.trim().is_empty()),
            ..Details::default()
        },
    };
    let id = past.id;
    let mut also = ctx.batch();
    also.push(REMEMBER, params![ctx.workspace, origin, id, ctx.now()]);
    also.feed(Feed { kind: "booking.imported", entity: id.into(), data: serde_json::json!({}) });
    insert_past(ctx, (of, &home), past, also).await?;
    Ok(left)
}

/// The contact with this address, or a new one that came by this import.
async fn person(ctx: &Ctx, email: &Email, name: &str) -> Result<ContactId> {
    if let Some(known) = contacts::by_email(ctx, email).await? {
        return Ok(known);
    }
    let (first, last) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
    let mut values = BTreeMap::new();
    for (field, text) in [(Standard::FirstName, first), (Standard::LastName, last)] {
        if !text.is_empty() && !text.contains('@') {
            values.insert(field, text.chars().take(100).collect());
        }
    }
    let draft = Draft { emails: vec![email.clone()], values, ..Draft::default() };
    let origin = Origin { method: Method::Import, source: "Calendly export".to_owned() };
    match contacts::create(ctx, draft, &origin).await {
        Ok(contact) => Ok(contact),
        Err(error) => contacts::by_email(ctx, email).await?.ok_or(Error::People(error)),
    }
}
