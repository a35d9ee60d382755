//! The fast function against the slow one, over zones that make trouble.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::model::{Booked, Held, Host, MINUTE, Meeting, Mode, Override, Question, Rule, Taken};
use super::{find, oracle};

/// A zone and a UTC day near one of its transitions (or near none).
const PLACES: &[(&str, &str)] = &[
    ("Africa/Casablanca", "2026-02-15"),
    ("Africa/Casablanca", "2026-03-22"),
    ("America/Asuncion", "2024-03-24"),
    ("America/Asuncion", "2024-10-06"),
    ("Asia/Beirut", "2026-03-29"),
    ("Asia/Beirut", "2026-10-25"),
    ("Africa/Cairo", "2026-04-24"),
    ("Africa/Cairo", "2026-10-30"),
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("Asia/Riyadh", "2026-05-01"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/New_York", "2026-03-08"),
    ("America/Havana", "2026-11-01"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Chatham", "2026-09-27"),
    ("Asia/Kathmandu", "2026-01-05"),
    ("Atlantic/Azores", "2026-10-25"),
    ("America/Nuuk", "2026-03-29"),
];

fn instant(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}

fn clock() -> impl Strategy<Value = u16> {
    prop_oneof![(0u16..48).prop_map(|half| half * 30), (0u16..288).prop_map(|five| five * 5), Just(0)]
}

fn end() -> impl Strategy<Value = u16> {
    prop_oneof![4 => clock(), 1 => Just(1440u16)]
}

fn rule() -> impl Strategy<Value = Rule> {
    (vec(1i8..=7, 1..7), clock(), end()).prop_map(|(days, start, end)| Rule {
        days: days.into_iter().map(|day| Weekday::from_monday_one_offset(day).unwrap()).collect(),
        start,
        end,
    })
}

/// Minutes from the anchor day, on a grid of five.
fn span() -> impl Strategy<Value = (i64, i64)> {
    (-200i64..700, 0i64..40).prop_map(|(from, length)| (from * 5, from * 5 + length * 5))
}

fn taken(anchor: i64, duration: i64) -> impl Strategy<Value = Taken> {
    let at = move |(from, to): (i64, i64)| (anchor + from * MINUTE, anchor + to * MINUTE);
    let own = prop_oneof![span(), (-100i64..300).prop_map(move |from| (from * 15, from * 15 + duration))];
    (
        vec(span(), 0..4),
        vec((own.clone(), 0u64..6, 0i64..4, 0i64..4, any::<bool>()), 0..6),
        vec((own, -1i64..2, 0u64..3, any::<bool>()), 0..2),
    )
        .prop_map(move |(busy, booked, held)| Taken {
            busy: busy.into_iter().map(at).collect(),
            booked: booked
                .into_iter()
                .filter(|one| one.0.0 < one.0.1)
                .map(|(span, key, before, after, same_type)| Booked {
                    key,
                    span: at(span),
                    buffers: (before * 5, after * 5),
                    same_type,
                    seats: 1,
                })
                .collect(),
            held: held
                .into_iter()
                .filter(|one| one.0.0 < one.0.1)
                .map(|(span, expires, holder, same_type)| Held {
                    span: at(span),
                    buffers: (0, 0),
                    expires: anchor - 86_400_000_000 + expires * MINUTE,
                    holder,
                    same_type,
                })
                .collect(),
        })
}

prop_compose! {
    fn meeting()(
        duration in prop_oneof![Just(15i64), Just(30), Just(45), Just(60), Just(100)],
        step in prop_oneof![Just(15i64), Just(30), Just(20), Just(60)],
        before in 0i64..4, after in 0i64..4,
        notice in prop_oneof![Just(0i64), Just(1440), Just(1500), Just(2000)],
        rolling in option::weighted(0.3, 0i64..4),
        per_day in option::weighted(0.2, 1u32..3), per_week in option::weighted(0.2, 1u32..4),
        capacity in prop_oneof![3 => Just(1u32), 1 => Just(2), 1 => Just(3)],
        align in option::weighted(0.3, prop_oneof![Just(15i64), Just(30), Just(60), Just(45)]),
        mode in prop_oneof![Just(Mode::Single), Just(Mode::Collective), Just(Mode::RoundRobin)],
        range in option::weighted(0.2, 0i64..3),
    ) -> (Meeting, Option<i64>) {
        (Meeting {
            duration, step, buffer_before: before * 5, buffer_after: after * 5, min_notice: notice,
            rolling_days: rolling, date_range: (None, None), max_per_day: per_day, max_per_week: per_week,
            capacity, align, mode, zone: None,
        }, range)
    }
}

fn host(anchor: i64, zone: TimeZone, duration: i64) -> impl Strategy<Value = Host> {
    let day = zone.to_datetime(jiff::Timestamp::from_microsecond(anchor).unwrap()).date();
    let near = (-1i64..4).prop_map(move |days| day.checked_add(jiff::Span::new().days(days)).unwrap());
    let exception =
        (near.clone(), vec((clock(), end()), 0..3)).prop_map(|(date, intervals)| Override { date, intervals });
    (vec(rule(), 1..4), vec(exception, 0..2), vec(near, 0..2), taken(anchor, duration), any::<bool>()).prop_map(
        move |(rules, overrides, holidays, taken, fixed)| Host {
            zone: zone.clone(),
            rules,
            overrides,
            holidays,
            absent: Vec::new(),
            taken,
            fixed,
        },
    )
}

fn question() -> impl Strategy<Value = Question> {
    (0..PLACES.len(), meeting(), 1usize..4, 0..PLACES.len()).prop_flat_map(|(place, (meeting, range), count, other)| {
        let (name, day) = PLACES[place];
        let anchor = instant(&format!("{day}T00:00:00Z"));
        let hosts: Vec<_> = (0..count)
            .map(|number| {
                let name = if number == 2 { PLACES[other].0 } else { name };
                host(anchor, TimeZone::get(name).unwrap(), meeting.duration)
            })
            .collect();
        (hosts, Just((meeting, range)), -300i64..300, 60i64..3000, option::of(0u64..3), option::of(0u64..6)).prop_map(
            move |(hosts, (mut meeting, range), from, length, requester, reschedule_of)| {
                if let Some(days) = range {
                    let zone = &hosts[0].zone;
                    let day = zone.to_datetime(jiff::Timestamp::from_microsecond(anchor).unwrap()).date();
                    meeting.date_range = (Some(day), Some(day.checked_add(jiff::Span::new().days(days)).unwrap()));
                }
                let from = anchor + from * MINUTE;
                Question {
                    now: anchor - 86_400_000_000,
                    from,
                    to: from + length * MINUTE,
                    meeting,
                    hosts,
                    rooms: Vec::new(),
                    requester,
                    reschedule_of,
                    why: true,
                }
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn the_fast_function_agrees_with_the_slow_one(question in question()) {
        let answer = find(&question).unwrap();
        let fast: Vec<(i64, Vec<usize>)> = answer.starts.iter().map(|start| (start.at, start.hosts.clone())).collect();
        prop_assert_eq!(fast, oracle::evaluate(&question));
    }

    #[test]
    fn asking_why_changes_nothing_and_offered_times_need_no_reason(question in question()) {
        let told = find(&question).unwrap();
        let silent = find(&Question { why: false, ..question.clone() }).unwrap();
        prop_assert_eq!(&told.starts, &silent.starts);
        prop_assert!(silent.why.is_empty());
        if question.meeting.mode == Mode::Single {
            for start in &told.starts {
                let blamed = told.why.iter().find(|why| {
                    why.from <= start.at && start.at < why.to && why.reason.as_str() == "outside_hours"
                });
                prop_assert!(blamed.is_none(), "{:?} at {}", blamed, start.at);
            }
        }
    }
}
