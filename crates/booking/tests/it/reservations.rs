//! The life of a booking.

use std::collections::BTreeMap;

use booking::hosts::{self, Absence};
use booking::model::{Question, QuestionKind};
use booking::offer::{Wanted, offer};
use booking::reservations::{self, By, Filter, State, book, cancel, hold, reschedule};
use booking::slots::Mode;
use kernel::{Code, Email, HostId, Timestamp};
use serde_json::json;

use crate::house::{House, at, wanted};

const TUESDAY: &str = "2026-11-24T08:00:00Z";

fn code(error: booking::Error) -> Code {
    error.problem().code
}

async fn starts(house: &House, of: &booking::event_types::EventType) -> Vec<Timestamp> {
    let asked = Wanted::between(at("2026-11-24T00:00:00Z"), at("2026-11-25T00:00:00Z"));
    let answer = offer(&house.ctx, of, &asked).await.unwrap().answer;
    answer.starts.iter().map(|one| Timestamp(one.at)).collect()
}

testkit::each_engine! {
    async fn who_gave_no_name_is_called_by_their_address_among_members_only(fixture: testkit::Fixture) {
        let house = House::build(fixture).await;
        let all = house.hosts(2).await;
        let (public, inside) = (booking::hosts::names(&house.ctx).await.unwrap(), booking::hosts::labels(&house.ctx).await.unwrap());
        assert_eq!((public.get(&all[0]).map(String::as_str), public.get(&all[1])), (Some("Mona Host"), None));
        assert_eq!((inside[&all[0]].as_str(), inside[&all[1]].as_str()), ("Mona Host", "host1@house.example"));
    }

    async fn what_is_booked_is_off_the_page_and_back_when_called_off(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |_| {}).await;
        assert_eq!(starts(&house, &of).await.len(), 16);
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        assert_eq!((made.state, made.sequence, made.timezone.as_str()), (State::Confirmed, 0, "Asia/Riyadh"));
        assert_eq!(made.civil, "2026-11-24T11:00:00");
        assert!(!starts(&house, &of).await.contains(&at(TUESDAY)));
        assert_eq!(code(house.book(&of, "omar", TUESDAY).await.unwrap_err()), Code::Conflict);
        // Twice is once.
        let again = book(&house.ctx, None, &of, wanted("lina", TUESDAY)).await.unwrap();
        assert_eq!((again.0.id, again.1), (made.id, false));
        let gone = cancel(&house.ctx, &made, By::Member, Some("ill")).await.unwrap();
        assert_eq!((gone.state, gone.sequence, gone.ended_by.as_deref()), (State::Cancelled, 1, Some("member")));
        assert_eq!(gone.details(&house.ctx).await.unwrap().unwrap().reason.as_deref(), Some("ill"));
        assert!(starts(&house, &of).await.contains(&at(TUESDAY)));
        assert_eq!(code(cancel(&house.ctx, &gone, By::Member, None).await.unwrap_err()), Code::Conflict);
        house.book(&of, "omar", TUESDAY).await.unwrap();
    }

    async fn meetings_of_odd_minutes_stand_side_by_side(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let seven = house.event(&[host], |definition| { definition.duration = 7; definition.step = Some(1); }).await;
        let eight = house.event(&[host], |definition| { definition.duration = 8; definition.step = Some(1); }).await;
        house.book(&seven, "a", "2026-11-24T07:00:00Z").await.unwrap();
        house.book(&eight, "b", "2026-11-24T07:07:00Z").await.unwrap();
        assert_eq!(code(house.book(&eight, "c", "2026-11-24T07:14:00Z").await.unwrap_err()), Code::Conflict);
        house.book(&eight, "c", "2026-11-24T07:15:00Z").await.unwrap();
    }

    async fn a_move_keeps_the_uid_and_loses_nothing_when_it_fails(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |_| {}).await;
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        house.book(&of, "omar", "2026-11-24T09:00:00Z").await.unwrap();
        let failed = reschedule(&house.ctx, (&made, None), (at("2026-11-24T09:00:00Z"), None), None, By::Member).await;
        assert_eq!(code(failed.unwrap_err()), Code::Conflict);
        assert!(!starts(&house, &of).await.contains(&at(TUESDAY)));
        // Into its own place, half an hour on: the old one is not in the way.
        let moved = reschedule(&house.ctx, (&made, None), (at("2026-11-24T08:30:00Z"), None), None, By::Member).await.unwrap();
        assert_eq!((moved.uid(), moved.sequence, moved.id), (made.uid(), 1, made.id));
        assert_eq!(moved.civil, "2026-11-24T11:30:00");
        let open = starts(&house, &of).await;
        assert!(open.contains(&at(TUESDAY)) && !open.contains(&at("2026-11-24T08:30:00Z")));
        // Somebody who looked at the booking before it was moved does not move it again.
        let stale = reschedule(&house.ctx, (&made, None), (at("2026-11-24T10:00:00Z"), None), None, By::Member).await;
        assert!(stale.is_err());
    }

    async fn deadlines_bind_attendees_and_not_members(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |definition| {
            definition.cancel_until = Some(24 * 60);
            definition.reschedule_until = None;
        }).await;
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        let to = (at("2026-11-24T09:00:00Z"), None);
        assert_eq!(code(reschedule(&house.ctx, (&made, None), to, None, By::Attendee).await.unwrap_err()), Code::Conflict);
        house.fixture.clock.set(at("2026-11-23T08:00:00.000001Z"));
        assert_eq!(code(cancel(&house.ctx, &made, By::Attendee, None).await.unwrap_err()), Code::Conflict);
        house.fixture.clock.set(at("2026-11-23T08:00:00Z"));
        cancel(&house.ctx, &made, By::Attendee, None).await.unwrap();
    }

    async fn a_hold_blocks_others_until_it_ends(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |_| {}).await;
        let first = hold(&house.ctx, (&of, None), at(TUESDAY), (None, None), "one").await.unwrap();
        assert!(!starts(&house, &of).await.contains(&at(TUESDAY)));
        assert_eq!(code(house.book(&of, "omar", TUESDAY).await.unwrap_err()), Code::Conflict);
        let forged = kernel::HoldId([9; 16]);
        let mut other = wanted("omar", TUESDAY);
        other.hold = Some(forged);
        assert_eq!(code(book(&house.ctx, None, &of, other).await.unwrap_err()), Code::Conflict);
        let mut own = wanted("lina", TUESDAY);
        own.hold = Some(first.id);
        book(&house.ctx, None, &of, own).await.unwrap();
        // Choosing another time gives the first one up.
        let second = hold(&house.ctx, (&of, None), at("2026-11-24T09:00:00Z"), (None, None), "one").await.unwrap();
        hold(&house.ctx, (&of, None), at("2026-11-24T10:00:00Z"), (None, None), "one").await.unwrap();
        assert!(starts(&house, &of).await.contains(&second.start));
        house.fixture.clock.set(at("2026-11-21T09:10:00Z"));
        assert!(starts(&house, &of).await.contains(&at("2026-11-24T10:00:00Z")), "the hold ended at that instant");
        house.book(&of, "omar", "2026-11-24T10:00:00Z").await.unwrap();
        booking::tick(&house.ctx).await.unwrap();
        assert!(!starts(&house, &of).await.contains(&at("2026-11-24T10:00:00Z")), "sweeping holds frees nothing booked");
    }

    async fn nobody_blanks_a_calendar_with_holds(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let mut types = Vec::new();
        for _ in 0..4 {
            types.push(house.event(&[host], |_| {}).await);
        }
        for (place, of) in types.iter().enumerate() {
            let start = at(TUESDAY).plus_seconds(1800 * place as i64);
            let held = hold(&house.ctx, (of, None), start, (None, None), "greedy").await;
            assert_eq!(held.is_ok(), place < 3, "{place}");
        }
        assert!(starts(&house, &types[3]).await.len() >= 13);
    }

    async fn a_group_shares_a_session(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |definition| definition.capacity = 2).await;
        let other = house.event(&[host], |_| {}).await;
        let first = house.book(&of, "a", TUESDAY).await.unwrap();
        let second = house.book(&of, "b", TUESDAY).await.unwrap();
        assert_eq!(first.session, second.session);
        assert_eq!(code(house.book(&of, "c", TUESDAY).await.unwrap_err()), Code::Conflict);
        assert_eq!(code(house.book(&other, "d", TUESDAY).await.unwrap_err()), Code::Conflict);
        // One of the two goes elsewhere; the other's session stays.
        reschedule(&house.ctx, (&first, None), (at("2026-11-24T09:00:00Z"), None), None, By::Member).await.unwrap();
        assert_eq!(code(house.book(&other, "d", TUESDAY).await.unwrap_err()), Code::Conflict);
        let held = hold(&house.ctx, (&of, None), at(TUESDAY), (None, None), "one").await.unwrap();
        assert_eq!(code(house.book(&of, "c", TUESDAY).await.unwrap_err()), Code::Conflict, "a hold takes a seat");
        reservations::release(&house.ctx, held.id).await.unwrap();
        house.book(&of, "c", TUESDAY).await.unwrap();
        cancel(&house.ctx, &second, By::Member, None).await.unwrap();
        assert!(starts(&house, &of).await.contains(&at(TUESDAY)));
        assert!(!starts(&house, &other).await.contains(&at(TUESDAY)));
    }

    async fn a_collective_takes_everybodys_time(t: testkit::Fixture) {
        let house = House::build(t).await;
        let hosts = house.hosts(3).await;
        let of = house.event(&hosts, |definition| definition.mode = Mode::Collective).await;
        let alone = house.event(&hosts[2..], |_| {}).await;
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        assert_eq!(made.parts(&house.ctx).await.unwrap().0.len(), 3);
        assert!(!starts(&house, &alone).await.contains(&at(TUESDAY)));
        house.book(&alone, "omar", "2026-11-24T09:00:00Z").await.unwrap();
        assert!(!starts(&house, &of).await.contains(&at("2026-11-24T09:00:00Z")));
    }

    async fn a_round_robin_is_fair(t: testkit::Fixture) {
        let house = House::build(t).await;
        let hosts = house.hosts(3).await;
        let of = house.event(&hosts, |definition| { definition.mode = Mode::RoundRobin; definition.rolling_days = None; }).await;
        let mut served: BTreeMap<HostId, usize> = BTreeMap::new();
        for number in 0..14i64 {
            house.fixture.clock.advance(60);
            let start = at(TUESDAY).plus_micros(number * Timestamp::DAY).to_string();
            let made = house.book(&of, &format!("g{number}"), &start).await.unwrap();
            for host in made.parts(&house.ctx).await.unwrap().0 {
                *served.entry(host).or_default() += 1;
            }
            let (least, most) = (hosts.iter().map(|host| served.get(host).copied().unwrap_or(0)).min(), served.values().max());
            assert!(most.unwrap() - least.unwrap() <= 1, "{served:?}");
        }
    }

    async fn rooms_are_a_second_conflict(t: testkit::Fixture) {
        let house = House::build(t).await;
        let hosts = house.hosts(3).await;
        let room = booking::resources::create(&house.ctx, "Blue room", "Asia/Riyadh").await.unwrap().id;
        let other = booking::resources::create(&house.ctx, "Red room", "Asia/Riyadh").await.unwrap().id;
        let mut types = Vec::new();
        for host in &hosts {
            types.push(house.event(&[*host], |definition| definition.resources = vec![vec![room, other]]).await);
        }
        let first = house.book(&types[0], "a", TUESDAY).await.unwrap();
        let second = house.book(&types[1], "b", TUESDAY).await.unwrap();
        let (one, two) = (first.parts(&house.ctx).await.unwrap().1, second.parts(&house.ctx).await.unwrap().1);
        assert_ne!(one, two);
        assert_eq!(code(house.book(&types[2], "c", TUESDAY).await.unwrap_err()), Code::Conflict);
    }

    async fn limits_hold_in_the_transaction_too(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |definition| { definition.max_per_day = Some(2); definition.max_per_week = Some(3); }).await;
        house.book(&of, "a", TUESDAY).await.unwrap();
        house.book(&of, "b", "2026-11-24T09:00:00Z").await.unwrap();
        let refused = house.book(&of, "c", "2026-11-24T10:00:00Z").await.unwrap_err();
        assert!(refused.to_string().contains("day_limit"), "{refused}");
        house.book(&of, "c", "2026-11-25T10:00:00Z").await.unwrap();
        let refused = house.book(&of, "d", "2026-11-26T10:00:00Z").await.unwrap_err();
        assert!(refused.to_string().contains("week_limit"), "{refused}");
        house.book(&of, "d", "2026-11-30T10:00:00Z").await.unwrap();
    }

    async fn approval_keeps_the_time_until_somebody_decides(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |definition| definition.approval = true).await;
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        assert_eq!(made.state, State::Pending);
        assert!(!starts(&house, &of).await.contains(&at(TUESDAY)));
        let approved = reservations::approve(&house.ctx, &made).await.unwrap();
        assert_eq!(approved.state, State::Confirmed);
        assert!(reservations::decline(&house.ctx, &approved, None).await.is_err());
        let other = house.book(&of, "omar", "2026-11-24T09:00:00Z").await.unwrap();
        reservations::decline(&house.ctx, &other, None).await.unwrap();
        assert!(starts(&house, &of).await.contains(&at("2026-11-24T09:00:00Z")));
    }

    async fn while_away_the_stand_in_is_booked(t: testkit::Fixture) {
        let house = House::build(t).await;
        let hosts = house.hosts(2).await;
        let of = house.event(&hosts[..1], |_| {}).await;
        let away = Absence {
            id: String::new(), host: hosts[0], from: at("2026-11-24T00:00:00Z"), to: at("2026-11-25T00:00:00Z"), hand_over: Some(hosts[1]),
        };
        hosts::leave_office(&house.ctx, away).await.unwrap();
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        assert_eq!(made.parts(&house.ctx).await.unwrap().0, [hosts[1]]);
        let after = house.book(&of, "omar", "2026-11-25T08:00:00Z").await.unwrap();
        assert_eq!(after.parts(&house.ctx).await.unwrap().0, [hosts[0]]);
    }

    async fn answers_are_what_was_asked_and_rest_sealed(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let question = Question {
            key: "topic".to_owned(), kind: QuestionKind::Choice, label_en: "About".to_owned(), label_ar: String::new(),
            options: vec!["Skin".to_owned(), "Bones".to_owned()], required: true, purpose_en: "to prepare".to_owned(), purpose_ar: "للتحضير".to_owned(),
            retention_days: None, if_refused_en: "we cannot prepare".to_owned(), if_refused_ar: String::new(),
        };
        let of = house.event(&[host], |definition| definition.questions = vec![question]).await;
        let mut asked = wanted("lina", TUESDAY);
        assert_eq!(code(book(&house.ctx, None, &of, asked.clone()).await.unwrap_err()), Code::InvalidInput);
        asked.filled.answers.insert("topic".to_owned(), json!("Teeth"));
        assert_eq!(code(book(&house.ctx, None, &of, asked.clone()).await.unwrap_err()), Code::InvalidInput);
        asked.filled.answers.insert("topic".to_owned(), json!("Bones"));
        asked.filled.answers.insert("religion".to_owned(), json!("canary-answer"));
        assert_eq!(code(book(&house.ctx, None, &of, asked.clone()).await.unwrap_err()), Code::InvalidInput, "nobody asks for that");
        asked.filled.answers.remove("religion");
        let (made, _) = book(&house.ctx, None, &of, asked).await.unwrap();
        assert_eq!(made.details(&house.ctx).await.unwrap().unwrap().answers["topic"], json!("Bones"));
    }

    async fn an_answer_goes_when_its_own_term_ends_and_the_booking_stays(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let question = |key: &str, days| Question {
            key: key.to_owned(), kind: QuestionKind::Text, label_en: key.to_owned(), label_ar: String::new(), options: Vec::new(),
            required: false, purpose_en: "to prepare".to_owned(), purpose_ar: String::new(), retention_days: days,
            if_refused_en: String::new(), if_refused_ar: String::new(),
        };
        let questions = vec![question("health", Some(7)), question("topic", None), question("once", Some(0))];
        let of = house.event(&[host], |definition| definition.questions = questions).await;
        let mut asked = wanted("lina", TUESDAY);
        for key in ["health", "topic", "once"] {
            asked.filled.answers.insert(key.to_owned(), json!("canary-answer"));
        }
        let (made, _) = book(&house.ctx, None, &of, asked).await.unwrap();
        // What was promised when it was asked holds, whatever becomes of the question.
        let mut definition = of.definition.clone();
        definition.questions[0].retention_days = Some(3000);
        let change = booking::event_types::Change { definition: Some(definition), ..booking::event_types::Change::default() };
        booking::event_types::update(&house.ctx, of.id, of.version, change).await.unwrap();
        let moved = reschedule(&house.ctx, (&made, None), (at("2026-11-25T08:00:00Z"), None), None, By::Member).await.unwrap();
        for (after, left) in [
            (-1, vec!["health", "once", "topic"]),
            (0, vec!["health", "topic"]),
            (7 * Timestamp::DAY - 1, vec!["health", "topic"]),
            (7 * Timestamp::DAY, vec!["topic"]),
        ] {
            house.fixture.clock.set(moved.end.plus_micros(after));
            booking::tick(&house.ctx).await.unwrap();
            let stands = reservations::get(&house.ctx, made.id).await.unwrap();
            let details = stands.details(&house.ctx).await.unwrap().unwrap();
            assert_eq!(details.answers.keys().collect::<Vec<_>>(), left, "{after}");
            assert_eq!((stands.sequence, details.name.as_str()), (1, "Guest lina"));
        }
    }

    async fn the_term_of_an_event_type_ends_what_is_over_and_nothing_else(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |definition| { definition.retention_days = Some(30); definition.rolling_days = None; }).await;
        let past = house.book(&of, "lina", TUESDAY).await.unwrap();
        let coming = house.book(&of, "lina", "2027-01-05T08:00:00Z").await.unwrap();
        house.fixture.clock.set(past.end.plus_micros(30 * Timestamp::DAY - 1));
        booking::tick(&house.ctx).await.unwrap();
        assert!(reservations::get(&house.ctx, past.id).await.is_ok());
        house.fixture.clock.set(past.end.plus_micros(30 * Timestamp::DAY));
        booking::tick(&house.ctx).await.unwrap();
        assert_eq!(code(reservations::get(&house.ctx, past.id).await.unwrap_err()), Code::NotFound);
        assert!(reservations::get(&house.ctx, coming.id).await.is_ok());
    }

    async fn erasing_by_address_frees_the_time_at_once(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |_| {}).await;
        house.book(&of, "lina", TUESDAY).await.unwrap();
        house.book(&of, "omar", "2026-11-24T09:00:00Z").await.unwrap();
        let email = Email::parse("lina@guest.example").unwrap();
        assert_eq!(reservations::erase_by_email(&house.ctx, &email).await.unwrap(), 1);
        assert_eq!(reservations::erase_by_email(&house.ctx, &email).await.unwrap(), 0);
        let open = starts(&house, &of).await;
        assert!(open.contains(&at(TUESDAY)) && !open.contains(&at("2026-11-24T09:00:00Z")));
    }

    async fn an_erased_person_leaves_the_seat_to_others(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |definition| definition.capacity = 2).await;
        let first = house.book(&of, "lina", TUESDAY).await.unwrap();
        house.book(&of, "omar", TUESDAY).await.unwrap();
        people::contacts::erase(&house.ctx, &privacy::gate::Gate::new(), first.contact).await.unwrap();
        house.book(&of, "nour", TUESDAY).await.unwrap();
        assert_eq!(code(house.book(&of, "sami", TUESDAY).await.unwrap_err()), Code::Conflict);
    }

    async fn who_leaves_becomes_a_former_host_and_meetings_stay(t: testkit::Fixture) {
        let house = House::build(t).await;
        let hosts = house.hosts(2).await;
        let of = house.event(&hosts[1..], |_| {}).await;
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        let member = accounts::members::list(&house.ctx, None, 100).await.unwrap();
        let gone = hosts::get(&house.ctx, hosts[1]).await.unwrap().member.unwrap();
        let member = member.into_iter().find(|one| one.user == gone).unwrap().id;
        accounts::members::remove(&house.ctx, accounts::members::Role::Owner.permissions(), member).await.unwrap();
        booking::tick(&house.ctx).await.unwrap();
        let former = hosts::get(&house.ctx, hosts[1]).await.unwrap();
        assert!(former.member.is_none() && former.left_at.is_some());
        assert!(!hosts::names(&house.ctx).await.unwrap().contains_key(&hosts[1]));
        let still = reservations::get(&house.ctx, made.id).await.unwrap();
        assert_eq!(still.parts(&house.ctx).await.unwrap().0, [hosts[1]]);
        assert!(starts(&house, &of).await.is_empty(), "nobody books who is gone");
        let moved = reservations::reassign(&house.ctx, &still, hosts[1], hosts[0]).await.unwrap();
        assert_eq!((moved.parts(&house.ctx).await.unwrap().0, moved.sequence), (vec![hosts[0]], 1));
        let busy = house.event(&hosts[..1], |_| {}).await;
        assert!(!starts(&house, &busy).await.contains(&at(TUESDAY)));
    }

    async fn bookings_are_listed_when_their_zone_changed(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |_| {}).await;
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        house.book(&of, "omar", "2026-11-24T09:00:00Z").await.unwrap();
        assert!(reservations::moved_by_zones(&house.ctx).await.unwrap().is_empty());
        // As if Riyadh had been an hour west of where it is today when this was agreed.
        let older = store::Sql { name: "AGREED", text: "UPDATE booking SET civil = $3 WHERE workspace = $1 AND id = $2" };
        let mut batch = house.ctx.batch();
        batch.push(older, store::params![house.ctx.workspace, made.id, "2026-11-24T10:00:00"]);
        house.ctx.db.apply(batch).await.unwrap();
        let moved = reservations::moved_by_zones(&house.ctx).await.unwrap();
        assert_eq!(moved.len(), 1);
        assert_eq!((moved[0].0.id, moved[0].1), (made.id, at("2026-11-24T07:00:00Z")));
        assert_eq!(reservations::get(&house.ctx, made.id).await.unwrap().start, at(TUESDAY), "not moved silently");
    }

    async fn another_workspace_sees_nothing(t: testkit::Fixture) {
        let house = House::build(t).await;
        let host = house.host().await;
        let of = house.event(&[host], |_| {}).await;
        let made = house.book(&of, "lina", TUESDAY).await.unwrap();
        let other = house.fixture.workspace().await;
        assert!(reservations::get(&other, made.id).await.is_err());
        assert!(booking::event_types::get(&other, of.id).await.is_err());
        let filter = Filter { from: at("2026-01-01T00:00:00Z"), to: at("2027-01-01T00:00:00Z"), ..Filter::default() };
        assert!(reservations::list(&other, &filter, 10).await.unwrap().is_empty());
    }
}
