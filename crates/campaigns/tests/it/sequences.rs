//! A series that ends for whoever answers, and never writes to them again.

use campaigns::sequences::{self, Sequence, SequenceDraft, SequenceState, Step, Window};
use kernel::{ContactId, DeliveryId, Email, PageRequest};
use outbound::Sent;
use outbound::incoming::{self, Asked, Bounce};
use people::import::Basis;
use privacy::replies::Intent;
use serde_json::json;
use testkit::each_engine;

use crate::house::{HTML, House, Recorded};
use crate::prospecting::{CSV, letter, segment, stated};

const DAY: i64 = 86_400;

fn plain(house: &House) -> SequenceDraft {
    let step = |wait_days, subject: &str| {
        let content = content::Source { subject: subject.to_owned(), ..house.draft().content };
        Step { wait_days, content, variants: std::collections::BTreeMap::new() }
    };
    assert!(HTML.contains("unsubscribe_url"));
    SequenceDraft {
        name: "Welcome".to_owned(),
        from_name: "Sender".to_owned(),
        from_email: Email::parse("news@sender.example").unwrap(),
        reply_to: None,
        topic: house.topic,
        segment: None,
        prospecting: None,
        reason: None,
        track: false,
        steps: vec![step(0, "One"), step(3, "Two"), step(4, "Three")],
        window: None,
        max_touches: None,
        goal_tag: None,
        goal_event: None,
        thread: false,
        postpone_days: 5,
    }
}

async fn started(house: &House, draft: SequenceDraft) -> Sequence {
    let sequence = sequences::create(&house.ctx, &house.outbound, draft).await.unwrap();
    sequences::start(&house.ctx, &house.outbound, sequence.id).await.unwrap();
    house.work().await;
    sequences::get(&house.ctx, sequence.id).await.unwrap()
}

async fn days(house: &House, days: i64) {
    house.fixture.clock.advance(days * DAY);
    house.work().await;
}

fn subjects(house: &House, to: &str) -> Vec<String> {
    house.recorder.sent.lock().iter().filter(|one| one.to == to).map(|one| one.subject.clone()).collect()
}

fn last(house: &House, to: &str) -> Recorded {
    house.recorder.sent.lock().iter().rev().find(|one| one.to == to).unwrap().clone()
}

async fn person(house: &House, sequence: &Sequence, address: &str) -> sequences::Enrolled {
    let contact: ContactId = people::contacts::find(&house.ctx, address).await.unwrap().unwrap();
    let page = sequences::enrolled(&house.ctx, sequence.id, &PageRequest::default()).await.unwrap();
    page.items.into_iter().find(|person| person.contact == contact).unwrap()
}

async fn reply(house: &House, to: DeliveryId, intent: Intent) {
    incoming::replied(&house.ctx, house.outbound.gate(), to, intent).await.unwrap();
    house.work().await;
}

const USER: &str = "user0@people.example";

each_engine! {
    async fn everybody_gets_every_message_in_its_time(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(3).await;
        let sequence = started(&house, plain(&house)).await;
        assert_eq!(subjects(&house, USER), ["One"]);
        days(&house, 2).await;
        assert_eq!(subjects(&house, USER), ["One"]);
        days(&house, 1).await;
        assert_eq!(subjects(&house, USER), ["One", "Two"]);
        days(&house, 4).await;
        assert_eq!(subjects(&house, USER), ["One", "Two", "Three"]);
        days(&house, 30).await;
        let report = sequences::report(&house.ctx, sequence.id).await.unwrap();
        assert_eq!((report.enrolled, report.state), (3, SequenceState::Ended));
        assert_eq!(report.steps.iter().map(|step| step.sent).collect::<Vec<_>>(), [3, 3, 3]);
        assert_eq!(report.people["completed"], 3);
        // Who comes later is enrolled when asked for, and nobody twice.
        house.people(4).await;
        sequences::enrol(&house.ctx, sequence.id).await.unwrap();
        house.work().await;
        assert_eq!(subjects(&house, "user3@people.example"), ["One"]);
        assert_eq!(subjects(&house, USER).len(), 3);
    }

    async fn a_human_answer_ends_it_and_a_machine_s_postpones_it(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(3).await;
        let sequence = started(&house, plain(&house)).await;
        let first = |n: usize| last(&house, &format!("user{n}@people.example")).delivery;
        reply(&house, first(0), Intent::NotOptout).await;
        reply(&house, first(1), Intent::AutoReply).await;
        reply(&house, first(2), Intent::Ambiguous).await;
        let state = person(&house, &sequence, USER).await;
        assert_eq!((state.state.as_str(), state.reason.as_deref(), state.step), ("stopped", Some("replied"), 1));
        assert_eq!(person(&house, &sequence, "user2@people.example").await.state, "paused");
        days(&house, 4).await;
        assert_eq!(house.recorder.sent.lock().len(), 3, "one answered, one is away, one waits for a human");
        days(&house, 1).await;
        assert_eq!(subjects(&house, "user1@people.example"), ["One", "Two"]);
        days(&house, 60).await;
        assert_eq!(subjects(&house, USER), ["One"]);
        assert_eq!(subjects(&house, "user1@people.example"), ["One", "Two", "Three"]);
        let report = sequences::report(&house.ctx, sequence.id).await.unwrap();
        assert_eq!(report.stopped["replied"], 1);
    }

    /// The next message is queued already when the answer comes; it does not leave.
    async fn an_answer_beats_the_queue(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(2).await;
        let sequence = started(&house, plain(&house)).await;
        let first = last(&house, USER).delivery;
        *house.recorder.answer.lock() = Sent::NotStarted { reason: "connect", permanent: false };
        days(&house, 3).await;
        assert_eq!(person(&house, &sequence, USER).await.state, "sending");
        // Nothing of the job that the answer causes has run when the workers try again.
        incoming::replied(&house.ctx, house.outbound.gate(), first, Intent::QuestionSource).await.unwrap();
        *house.recorder.answer.lock() = Sent::Accepted { status: "2.0.0".to_owned() };
        house.fixture.clock.advance(3600);
        let send: std::sync::Arc<dyn store::jobs::Handler> = std::sync::Arc::new(outbound::SendJob::new(house.outbound.clone()));
        store::jobs::drain(&house.ctx.core, &[send]).await.unwrap();
        assert_eq!(subjects(&house, USER), ["One"]);
        assert_eq!(subjects(&house, "user1@people.example"), ["One", "Two"]);
        days(&house, 30).await;
        assert_eq!(subjects(&house, USER), ["One"]);
        let report = sequences::report(&house.ctx, sequence.id).await.unwrap();
        assert_eq!((report.stopped["replied"], report.people["completed"]), (1, 1));
    }

    async fn leaving_bouncing_and_erasure_end_it_too(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(4).await;
        let sequence = started(&house, plain(&house)).await;
        let (ctx, gate) = (&house.ctx, house.outbound.gate());
        let message = |n: usize| last(&house, &format!("user{n}@people.example"));
        incoming::unsubscribed(ctx, gate, message(0).delivery, Asked::ThisTopic, json!({})).await.unwrap();
        let bounce = Bounce { delivery: message(1).delivery, class: "hard_address", suppress: true, status: None };
        incoming::bounced(ctx, gate, bounce).await.unwrap();
        incoming::complained(ctx, gate, message(2).delivery, "abuse").await.unwrap();
        let erased: ContactId = people::contacts::find(ctx, "user3@people.example").await.unwrap().unwrap();
        privacy::erasure::erase(ctx, gate, erased).await.unwrap();
        days(&house, 3).await;
        days(&house, 30).await;
        assert_eq!(house.recorder.sent.lock().len(), 4);
        let report = sequences::report(ctx, sequence.id).await.unwrap();
        assert_eq!(report.enrolled, 4);
        for reason in ["opted_out", "bounced", "complained"] {
            assert_eq!(report.stopped[reason], 1, "{report:?}");
        }
        assert_eq!(report.people.values().sum::<u64>(), 3, "the erased person has no row any more");
    }

    async fn a_goal_or_enough_messages_end_it(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(2).await;
        let draft = SequenceDraft { goal_tag: Some("Customer".to_owned()), max_touches: Some(2), thread: true, ..plain(&house) };
        let sequence = started(&house, draft).await;
        let bought: ContactId = people::contacts::find(&house.ctx, USER).await.unwrap().unwrap();
        let tags = people::tags::ensure(&house.ctx, &["customer".to_owned()]).await.unwrap();
        people::tags::set(&house.ctx, tags[0], &[bought], true).await.unwrap();
        let other = "user1@people.example";
        let first = last(&house, other).delivery;
        days(&house, 3).await;
        days(&house, 30).await;
        assert_eq!(subjects(&house, USER), ["One"]);
        assert_eq!(subjects(&house, other), ["One", "Two"]);
        assert_eq!(last(&house, other).thread, Some(first));
        assert_eq!(person(&house, &sequence, USER).await.reason.as_deref(), Some("converted"));
        let ended = person(&house, &sequence, other).await;
        assert_eq!((ended.state.as_str(), ended.reason.as_deref()), ("completed", Some("touches")));
    }

    async fn it_keeps_its_hours_and_can_be_held_and_stopped(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.people(2).await;
        let now = house.ctx.now().to_jiff().to_zoned(jiff::tz::TimeZone::UTC);
        let hour = (now.hour() + 3) % 22;
        let window = Window { from: hour, until: hour + 1, zone: "UTC".to_owned(), days: (1..=7).collect() };
        let sequence = started(&house, SequenceDraft { window: Some(window), ..plain(&house) }).await;
        assert!(house.recorder.sent.lock().is_empty(), "its hour has not come");
        for _ in 0..24 * 5 {
            house.fixture.clock.advance(720);
            house.work().await;
        }
        assert_eq!(house.recorder.sent.lock().len(), 2);
        sequences::pause(&house.ctx, sequence.id).await.unwrap();
        days(&house, 5).await;
        assert_eq!(house.recorder.sent.lock().len(), 2);
        sequences::resume(&house.ctx, sequence.id).await.unwrap();
        sequences::stop(&house.ctx, sequence.id).await.unwrap();
        days(&house, 30).await;
        assert_eq!(house.recorder.sent.lock().len(), 2);
        assert_eq!(person(&house, &sequence, USER).await.reason.as_deref(), Some("sequence_stopped"));
        assert!(sequences::resume(&house.ctx, sequence.id).await.is_err());
    }

    /// Prospects: each step asks the gate anew, and "no thanks" erases.
    async fn cold_series_are_lawful_at_every_step(t: testkit::Fixture) {
        let house = House::build(t).await;
        house.import(CSV, Basis::LegitimateInterest).await;
        let step = |wait_days| Step { wait_days, content: letter(), variants: std::collections::BTreeMap::new() };
        let draft = SequenceDraft {
            segment: Some(segment(&house).await),
            prospecting: Some(stated(&house).await),
            reason: Some("You buy crane parts for {{ company | required }}.".to_owned()),
            steps: vec![step(0), step(3), step(3), step(3), step(3)],
            ..plain(&house)
        };
        let sequence = started(&house, draft).await;
        assert_eq!(house.recorder.sent.lock().len(), 2);
        let report = sequences::report(&house.ctx, sequence.id).await.unwrap();
        assert_eq!(report.stopped["reason_missing"], 1, "{report:?}");
        let claire = last(&house, "claire@grues.example");
        reply(&house, claire.delivery, Intent::Optout).await;
        assert!(people::contacts::find(&house.ctx, "claire@grues.example").await.unwrap().is_none(), "erased");
        for _ in 0..5 {
            days(&house, 3).await;
        }
        assert_eq!(subjects(&house, "claire@grues.example").len(), 1);
        assert_eq!(subjects(&house, "achats@ports.example").len(), 3, "the gate allows three without an answer");
        let report = sequences::report(&house.ctx, sequence.id).await.unwrap();
        assert_eq!(report.stopped["touches_exhausted"], 1, "{report:?}");
        assert_eq!(report.stopped.get("opted_out").or(report.after.get("opted_out")), Some(&1), "{report:?}");
    }
}
