//! How long it takes to say what is on offer, calendars and bookings read from a SQLite file that is warm.
//!
//! `slots_speed QUERIES` prints one JSON document: milliseconds in the middle and of the slowest hundredth for W1 (one
//! host, 60 days, 200 busy stretches), W2 (round robin of 50 hosts, each with as much), W3 (collective of ten hosts in
//! six zones) and W4 (one host whose calendar has 2000 recurring events: read and expanded, and known already).

#![expect(clippy::disallowed_methods, reason = "a measurement reads the machine's clock and its own arguments")]
#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a measurement that cannot run says so and ends")]

use std::fmt::Write as _;
use std::time::Instant;

use accounts::members::{self, Role};
use accounts::users::{NewUser, SignUp};
use accounts::workspaces::NewWorkspace;
use accounts::{Accounts, Settings};
use booking::calendars::ics::{Limits, Reader, expand, parse};
use booking::event_types::{EventType, TypeState, create};
use booking::model::{Definition, Hours, Texts, TypeHost};
use booking::offer::{Wanted, offer};
use booking::slots::Mode;
use booking::{hosts, schedules};
use kernel::{CalendarId, Email, HostId, Locale, Pii, Rng, ScheduleId, Timestamp, UserId};
use serde_json::json;
use store::{Actor, Ctx, params};
use testkit::{Fixture, SeededRng};

const ZONES: [&str; 6] =
    ["Asia/Riyadh", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Africa/Casablanca", "Australia/Sydney"];
const DAYS: i64 = 60;
const BUSY: usize = 200;
const MASTERS: usize = 2000;

store::sql! {
    PUT_CALENDAR = "INSERT INTO calendar (workspace, id, account, host, place, sealed, conflicts, target, writable, failures, doubtful)
        VALUES ($1, $2, $2, $3, $2, $4, $5, $6, $6, 0, 0)";
    PUT_BUSY = "INSERT INTO calendar_busy (workspace, calendar, resource, part, host, start_at, end_at, status, partstat, booking)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'confirmed', NULL, NULL)";
}

struct Bench {
    ctx: Ctx,
    rng: SeededRng,
    _kept: Fixture,
}

impl Bench {
    async fn new() -> (Self, UserId) {
        let kept = Fixture::sqlite().await;
        let settings = Settings { cost: accounts::users::password::Cost::cheapest(), ..Settings::default() };
        let sign_up = SignUp {
            user: NewUser {
                email: Email::parse("owner@bench.example").unwrap(),
                name: Pii::new("Owner".to_owned()),
                password: Pii::new("a long enough password".to_owned()),
            },
            workspace: NewWorkspace {
                name: "Bench".to_owned(),
                language: Locale::en(),
                postal_address: "1 Road".to_owned(),
            },
        };
        let (workspace, owner) = Accounts::new(kept.core.clone(), settings).create_owner(sign_up).await.unwrap();
        let ctx = kept.core.ctx(workspace, Actor::User(owner));
        (Self { ctx, rng: SeededRng::new(20_261_122), _kept: kept }, owner)
    }

    fn below(&self, most: u64) -> u64 {
        let mut octets = [0; 8];
        self.rng.fill(&mut octets);
        u64::from_le_bytes(octets) % most
    }

    /// Hours of every day in the zone of a host.
    async fn schedule(&self, number: usize, (start, end): (&str, &str)) -> ScheduleId {
        let hours: Hours = serde_json::from_value(json!({
            "timezone": ZONES[number % ZONES.len()],
            "rules": [{ "days": [1, 2, 3, 4, 5, 6, 7], "start": start, "end": end }],
        }))
        .unwrap();
        schedules::create(&self.ctx, &format!("Hours {number} from {start}"), &hours).await.unwrap().id
    }

    async fn host(&self, number: usize, user: UserId) -> HostId {
        let zone = ZONES[number % ZONES.len()];
        let schedule = self.schedule(number, ("08:00", "20:00")).await;
        hosts::ensure(&self.ctx, user, zone, Some(schedule)).await.unwrap().id
    }

    async fn member(&self, number: usize) -> UserId {
        let email = Email::parse(&format!("host{number}@bench.example")).unwrap();
        let by = Role::Owner.permissions();
        let id = members::invite(&self.ctx, by, &email, Role::Agent, Locale::en()).await.unwrap();
        let all = members::list(&self.ctx, None, 1000).await.unwrap();
        all.into_iter().find(|one| one.id == id).unwrap().user
    }

    /// A calendar with so many stretches within the days that are asked about.
    async fn calendar(&self, host: HostId, stretches: Vec<(i64, i64)>) {
        let id: CalendarId = self.ctx.id();
        let mut batch = self.ctx.batch();
        batch.push(PUT_CALENDAR, params![self.ctx.workspace, id, host, vec![0u8; 4], true, false]);
        for (number, (start, end)) in stretches.into_iter().enumerate() {
            let resource = self.ctx.id::<CalendarId>();
            let part = i64::try_from(number).unwrap_or(0);
            batch.push(PUT_BUSY, params![self.ctx.workspace, id, resource, part, host, start, end]);
        }
        self.ctx.db.apply(batch).await.unwrap();
    }

    fn stretches(&self) -> Vec<(i64, i64)> {
        let quarter = 15 * 60 * Timestamp::SECOND;
        let slots = u64::try_from(DAYS * 96).unwrap();
        (0..BUSY)
            .map(|_| {
                let start = self.ctx.now().0 + i64::try_from(self.below(slots)).unwrap() * quarter;
                (start, start + quarter * (1 + i64::try_from(self.below(6)).unwrap()))
            })
            .collect()
    }

    async fn event(&self, slug: &str, hosts: &[HostId], change: impl FnOnce(&mut Definition)) -> EventType {
        let mut definition = Definition {
            en: Texts { title: slug.to_owned(), ..Texts::default() },
            duration: 30,
            step: Some(15),
            min_notice: 0,
            rolling_days: Some(90),
            hosts: hosts
                .iter()
                .map(|host| TypeHost {
                    host: *host,
                    fixed: false,
                    weight: 100,
                    priority: 0,
                    schedule: None,
                    since: None,
                })
                .collect(),
            ..Definition::default()
        };
        change(&mut definition);
        create(&self.ctx, slug, TypeState::Active, definition).await.unwrap()
    }

    /// Milliseconds of each question, and how many starts there were.
    async fn ask(&self, of: &EventType, queries: usize) -> (Vec<f64>, usize) {
        let (mut times, mut found) = (Vec::with_capacity(queries), 0);
        for number in 0..queries + 5 {
            let from = self.ctx.now().plus_seconds(i64::try_from(number).unwrap() * 60);
            let wanted = Wanted::between(from, from.plus_micros(DAYS * Timestamp::DAY));
            let begun = Instant::now();
            let offered = offer(&self.ctx, of, &wanted).await.unwrap();
            // The first few make the store warm.
            if number >= 5 {
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            found = offered.answer.starts.len();
        }
        (times, found)
    }
}

fn at(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    let place = ((times.len() as f64) * share).ceil() as usize;
    times[place.clamp(1, times.len()) - 1]
}

fn figures((mut times, found): (Vec<f64>, usize)) -> serde_json::Value {
    assert!(found > 0, "nothing was on offer: nothing was measured");
    json!({ "p50": at(&mut times, 0.5), "p99": at(&mut times, 0.99), "starts": found })
}

/// A calendar of weekly, daily and monthly events of ten years.
fn masters() -> String {
    let rules =
        ["FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=DAILY;INTERVAL=9", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=WEEKLY;INTERVAL=2"];
    let mut out = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
    for number in 0..MASTERS {
        let (zone, rule) = (ZONES[number % ZONES.len()], rules[number % rules.len()]);
        let (year, day, hour) = (2018 + number % 8, 1 + number % 27, number % 24);
        let _ = write!(
            out,
            "BEGIN:VEVENT\r\nUID:m{number}@bench\r\nDTSTART;TZID={zone}:{year}03{day:02}T{hour:02}0000\r\nDURATION:PT15M\r\nRRULE:{rule}\r\nEND:VEVENT\r\n"
        );
    }
    out + "END:VCALENDAR\r\n"
}

async fn run(queries: usize) -> serde_json::Value {
    let (bench, owner) = Bench::new().await;
    let mut all = vec![bench.host(0, owner).await];
    for number in 1..50 {
        let user = bench.member(number).await;
        all.push(bench.host(number, user).await);
    }
    for host in &all {
        bench.calendar(*host, bench.stretches()).await;
    }
    let one = bench.event("w1", &all[..1], |_| {}).await;
    let robin = bench
        .event("w2", &all, |definition| {
            definition.mode = Mode::RoundRobin;
            (definition.buffer_before, definition.buffer_after) = (10, 10);
            (definition.max_per_day, definition.max_per_week) = (Some(8), Some(30));
        })
        .await;
    // The days of six zones meet nowhere: whoever meets all of them is there around the clock.
    let mut always = Vec::new();
    for number in 0..10 {
        always.push(bench.schedule(number, ("00:00", "24:00")).await);
    }
    let together = bench
        .event("w3", &all[..10], |definition| {
            definition.mode = Mode::Collective;
            for (one, schedule) in definition.hosts.iter_mut().zip(&always) {
                one.schedule = Some(*schedule);
            }
        })
        .await;
    let last = bench.member(50).await;
    let busy = bench.host(50, last).await;
    let text = masters();
    let zone = jiff::tz::TimeZone::get("Asia/Riyadh").unwrap();
    let range = (bench.ctx.now(), bench.ctx.now().plus_micros((DAYS + 30) * Timestamp::DAY));
    let (mut cold, mut stretches) = (Vec::new(), Vec::new());
    for _ in 0..10 {
        let begun = Instant::now();
        let calendar = parse(text.as_bytes()).unwrap();
        let found = expand(&calendar, &Reader { zone: &zone, owners: &[] }, range, &Limits::default());
        cold.push(begun.elapsed().as_secs_f64() * 1000.0);
        assert!(!found.incomplete);
        stretches = found.busy.iter().map(|one| (one.start.0, one.end.0)).collect();
    }
    let occurrences = stretches.len();
    bench.calendar(busy, stretches).await;
    let recurring = bench.event("w4", &[busy], |definition| definition.duration = 5).await;
    json!({
        "w1": figures(bench.ask(&one, queries).await),
        "w2": figures(bench.ask(&robin, queries).await),
        "w3": figures(bench.ask(&together, queries).await),
        "w4_cold": { "p50": at(&mut cold, 0.5), "p99": at(&mut cold, 0.99), "occurrences": occurrences },
        "w4_warm": figures(bench.ask(&recurring, queries).await),
    })
}

fn main() {
    let queries = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    println!("{}", runtime.block_on(run(queries)));
}
