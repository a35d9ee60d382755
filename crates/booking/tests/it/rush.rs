//! Many at once: whatever happens, nobody is booked twice.

use std::collections::BTreeSet;

use booking::reservations::{Filter, State, book, list};
use booking::slots::Mode;
use kernel::{Code, Timestamp};

use crate::house::{House, at, wanted};

const START: &str = "2026-11-24T08:00:00Z";

/// Books one slot by many at once; tells how many succeeded, and that everybody else was told why.
async fn rush(house: &House, of: &booking::event_types::EventType, many: usize) -> usize {
    let mut tasks = Vec::new();
    for number in 0..many {
        let (ctx, of) = (house.ctx.clone(), of.clone());
        tasks.push(tokio::spawn(async move { book(&ctx, None, &of, wanted(&format!("g{number}"), START)).await }));
    }
    let mut made = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok((_, true)) => made += 1,
            Ok((_, false)) => panic!("nobody asked twice"),
            Err(error) => assert_eq!(error.problem().code, Code::Conflict, "{error}"),
        }
    }
    made
}

async fn seats(house: &House) -> usize {
    let filter = Filter { from: at(START), to: at(START).plus_seconds(60), ..Filter::default() };
    let all = list(&house.ctx, &filter, 500).await.unwrap();
    all.iter().filter(|one| one.state == State::Confirmed).count()
}

testkit::each_engine! {
    async fn two_hundred_want_one_slot(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |_| {}).await;
        assert_eq!(rush(&house, &of, 200).await, 1);
        assert_eq!(seats(&house).await, 1);
    }

    async fn two_hundred_want_five_seats(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |definition| definition.capacity = 5).await;
        assert_eq!(rush(&house, &of, 200).await, 5);
        assert_eq!(seats(&house).await, 5);
    }

    async fn event_types_that_share_a_host_share_its_minutes(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let mut types = Vec::new();
        for duration in [10, 20, 30, 45] {
            types.push(house.event(&[host], |definition| {
                definition.duration = duration;
                definition.step = Some(5);
                definition.buffer_after = 5;
            }).await);
        }
        let mut tasks = Vec::new();
        for number in 0..60 {
            let (ctx, of) = (house.ctx.clone(), types[number % types.len()].clone());
            let start = at(START).plus_seconds(300 * (number as i64 % 12)).to_string();
            tasks.push(tokio::spawn(async move { book(&ctx, None, &of, wanted(&format!("g{number}"), &start)).await }));
        }
        for task in tasks {
            if let Err(error) = task.await.unwrap() {
                assert_eq!(error.problem().code, Code::Conflict, "{error}");
            }
        }
        let filter = Filter { from: at(START), to: at(START).plus_micros(Timestamp::DAY), ..Filter::default() };
        let all = list(&house.ctx, &filter, 500).await.unwrap();
        assert!(all.len() > 1);
        for pair in all.windows(2) {
            // Five minutes kept free behind each.
            assert!(pair[0].end.plus_seconds(300) <= pair[1].start, "{} and {}", pair[0].start, pair[1].start);
        }
    }

    async fn a_round_robin_serves_as_many_as_it_has_hosts(t: testkit::Fixture) {
        let house = House::build(t).await;
        let hosts = house.hosts(4).await;
        let of = house.event(&hosts, |definition| definition.mode = Mode::RoundRobin).await;
        assert_eq!(rush(&house, &of, 30).await, 4);
        let filter = Filter { from: at(START), to: at(START).plus_seconds(60), ..Filter::default() };
        let mut served = BTreeSet::new();
        for one in list(&house.ctx, &filter, 500).await.unwrap() {
            served.extend(one.parts(&house.ctx).await.unwrap().0);
        }
        assert_eq!(served.len(), 4);
    }
}
