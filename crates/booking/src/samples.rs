//! Sample data: hours, a host, three event types (one to one, round robin, group) and some appointments of invented
//! people, so that nobody begins before an empty calendar.

use kernel::{Email, HostId, Locale, Timestamp, UserId};
use people::subscribe::Proof;
use privacy::gate::Gate;
use store::Ctx;

use crate::event_types::{self, EventType, TypeState};
use crate::model::{Definition, Hours, Interval, LocalTime, Location, Question, QuestionKind, Texts, TypeHost, Weekly};
use crate::offer::{Wanted, offer};
use crate::reservations::{self, Attendee, Booked, Filled, book};
use crate::slots::Mode;
use crate::{Error, Result, hosts, schedules};

/// Who books in the samples, and in which zone and language.
const GUESTS: [(&str, &str, &str, &str); 6] = [
    ("Lina Haddad", "lina.haddad@sample.example", "Asia/Beirut", "ar"),
    ("Jonas Weber", "jonas.weber@sample.example", "Europe/Berlin", "en"),
    ("Noura Alharbi", "noura.alharbi@sample.example", "Asia/Riyadh", "ar"),
    ("Omar Fathi", "omar.fathi@sample.example", "Africa/Cairo", "ar"),
    ("Grace Miller", "grace.miller@sample.example", "America/New_York", "en"),
    ("Yusuf Demir", "yusuf.demir@sample.example", "Europe/Istanbul", "en"),
];

/// Under which addresses the samples stand, and by which they are known again.
const SLUGS: [&str; 3] = ["sample-first", "sample-team", "sample-workshop"];
/// Where sample bookings come from: nobody is written to about them.
pub(crate) const SOURCE: &str = "sample";

/// Loads the samples, unless they are there: with the workspace's first members as hosts, in its own time zone.
///
/// # Errors
/// When the store fails.
pub async fn load_once(ctx: &Ctx) -> Result<bool> {
    for slug in SLUGS {
        match event_types::by_slug(ctx, slug).await {
            Ok(of) if of.state == TypeState::Archived => {
                let change = event_types::Change { state: Some(TypeState::Active), ..event_types::Change::default() };
                event_types::update(ctx, of.id, of.version, change).await?;
            }
            Ok(_) => return Ok(false),
            Err(Error::NotFound(_)) => break,
            Err(error) => return Err(error),
        }
    }
    if let Ok(first) = event_types::by_slug(ctx, SLUGS[0]).await {
        let mut types = vec![first];
        for slug in &SLUGS[1..] {
            types.push(event_types::by_slug(ctx, slug).await?);
        }
        appointments(ctx, &types).await?;
        return Ok(true);
    }
    let members = accounts::members::list(ctx, None, 10).await?;
    let hosts: Vec<UserId> =
        members.into_iter().filter(|member| !member.invited).map(|member| member.user).take(3).collect();
    if hosts.is_empty() {
        return Ok(false);
    }
    let workspace = accounts::workspaces::get(ctx).await?;
    let zone = workspace.settings.get("time_zone").and_then(serde_json::Value::as_str).unwrap_or("UTC").to_owned();
    load(ctx, &hosts, &zone).await?;
    Ok(true)
}

/// What was taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Bookings that were erased.
    pub bookings: u64,
    /// Invented people who were erased with them.
    pub people: u64,
}

/// Takes the samples away: their bookings and whoever booked are erased, their event types out of use.
///
/// # Errors
/// When the store fails.
pub async fn remove(ctx: &Ctx, gate: &Gate) -> Result<Removed> {
    let mut removed = Removed::default();
    for slug in SLUGS {
        let of = match event_types::by_slug(ctx, slug).await {
            Ok(of) => of,
            Err(Error::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        for guest in reservations::erase_of_source(ctx, of.id, SOURCE).await? {
            removed.bookings += 1;
            match people::contacts::erase(ctx, gate, guest).await {
                Ok(_) => removed.people += 1,
                // Who booked twice is gone already.
                Err(people::Error::NotFound(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        if of.state != TypeState::Archived {
            let change = event_types::Change { state: Some(TypeState::Archived), ..event_types::Change::default() };
            event_types::update(ctx, of.id, of.version, change).await?;
        }
    }
    Ok(removed)
}

fn texts(title: &str, description: &str) -> Texts {
    Texts { title: title.to_owned(), description: description.to_owned(), ..Texts::default() }
}

fn taking(hosts: &[HostId]) -> Vec<TypeHost> {
    let one =
        |host: &HostId| TypeHost { host: *host, fixed: false, weight: 100, priority: 0, schedule: None, since: None };
    hosts.iter().map(one).collect()
}

fn office(timezone: &str) -> Hours {
    let interval = |start: u16, end: u16| Interval { start: LocalTime(start * 60), end: LocalTime(end * 60) };
    let rules = [interval(9, 12), interval(13, 17)]
        .into_iter()
        .map(|hours| Weekly { days: vec![1, 2, 3, 4, 5], start: hours.start, end: hours.end })
        .collect();
    Hours { timezone: timezone.to_owned(), rules, overrides: Vec::new(), holidays: Vec::new() }
}

/// Loads the samples for a workspace whose hosts are these members.
///
/// # Errors
/// When the store fails.
pub async fn load(ctx: &Ctx, members: &[UserId], timezone: &str) -> Result<()> {
    let schedule = schedules::create(ctx, "Office hours", &office(timezone)).await?;
    let mut all = Vec::new();
    for member in members {
        all.push(hosts::ensure(ctx, *member, timezone, Some(schedule.id)).await?.id);
    }
    let question = Question {
        key: "topic".to_owned(),
        kind: QuestionKind::Paragraph,
        label_en: "What is it about?".to_owned(),
        label_ar: "ما موضوع اللقاء؟".to_owned(),
        options: Vec::new(),
        required: false,
        purpose_en: "to prepare the conversation".to_owned(),
        purpose_ar: "للتحضير للقاء".to_owned(),
        retention_days: Some(30),
        if_refused_en: String::new(),
        if_refused_ar: String::new(),
    };
    let first = Definition {
        en: texts("First conversation", "Half an hour to get to know each other."),
        ar: texts("لقاء تعارف", "نصف ساعة نتعارف فيها."),
        hosts: taking(&all[..all.len().min(1)]),
        buffer_after: 10,
        hijri: true,
        questions: vec![question],
        locations: vec![
            Location::Link { template: "https://meet.sample.example/{room}".to_owned() },
            Location::WeCall {},
        ],
        ..Definition::default()
    };
    let team = Definition {
        en: texts("Advice from the team", "Whoever is free next takes the time."),
        ar: texts("استشارة مع الفريق", "يستقبلك أول من يتاح له الوقت."),
        mode: Mode::RoundRobin,
        duration: 45,
        hosts: taking(&all),
        ..Definition::default()
    };
    let group = Definition {
        en: texts("Open workshop", "An hour for up to eight people."),
        ar: texts("ورشة مفتوحة", "ساعة لثمانية أشخاص على الأكثر."),
        duration: 60,
        capacity: 8,
        show_seats: true,
        hosts: taking(&all[..all.len().min(1)]),
        locations: vec![Location::Address { text: "1 Harbour Street, 20457 Hamburg".to_owned() }],
        ..Definition::default()
    };
    let mut types = Vec::new();
    for (slug, definition) in SLUGS.into_iter().zip([first, team, group]) {
        types.push(event_types::create(ctx, slug, TypeState::Active, definition).await?);
    }
    appointments(ctx, &types).await
}

/// Each guest takes one of the next free times; the workshop is shared by two.
async fn appointments(ctx: &Ctx, types: &[EventType]) -> Result<()> {
    for (number, (name, email, timezone, language)) in GUESTS.iter().enumerate() {
        let Some(of) = types.get(number % types.len().max(1)) else { return Ok(()) };
        // Whoever was erased stays erased: samples that come again are other people.
        let email =
            if of.version == 1 { (*email).to_owned() } else { email.replace('@', &format!("+{}@", of.version)) };
        let Ok(email) = Email::parse(&email) else { continue };
        let wanted = Wanted::between(ctx.now(), ctx.now().plus_micros(20 * Timestamp::DAY));
        let found = offer(ctx, of, &wanted).await?;
        let place = if of.definition.capacity > 1 { 6 } else { 3 + number * 4 };
        let Some(start) = found.answer.starts.get(place) else { continue };
        let booked = Booked {
            start: Timestamp(start.at),
            duration: None,
            host: None,
            hold: None,
            attendee: Attendee {
                name: (*name).to_owned(),
                email,
                phone: None,
                timezone: (*timezone).to_owned(),
                language: if *language == "ar" { Locale::ar() } else { Locale::en() },
            },
            filled: Filled { location: (of.definition.locations.len() > 1).then_some(0), ..Filled::default() },
            marketing: false,
            proof: Proof::default(),
            source: SOURCE,
        };
        book(ctx, None, of, booked).await?;
    }
    Ok(())
}
