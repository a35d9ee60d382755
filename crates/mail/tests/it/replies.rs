//! What people answer: each way out, questions, pauses and fixed subjects.

use mail::incoming::{Decision, Inbox, Wanted, list, settle, waiting};
use outbound::incoming::{Asked, unsubscribed};
use privacy::suppression::Reason;
use serde_json::json;
use testkit::Fixture;

use crate::sink::{Script, Sink};
use crate::world::{Got, World};

const LINA: &str = "lina@example.net";

async fn sent(world: &World, sink: &Sink) -> (kernel::ContactId, Got) {
    let lina = world.subscriber(LINA).await;
    world.queue(&[(lina, LINA)]).await;
    world.drain().await;
    let raw = sink.messages().pop().unwrap();
    world.advance(60);
    (lina, Got::of(&sink.seen.lock().commands, raw))
}

async fn answers(world: &World, got: &Got, text: &str, more: &str) {
    answers_from(world, LINA, got, text, more).await;
}

async fn answers_from(world: &World, from: &str, got: &Got, text: &str, more: &str) {
    let message = format!(
        "From: {from}\r\nTo: news@example.com\r\nIn-Reply-To: <{}>\r\n{more}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n",
        got.message_id()
    );
    assert_eq!(world.comes_in(from, "news@example.com", &message).await, "250");
}

async fn only(world: &World) -> Inbox {
    let mut found = waiting(&world.ctx, None, 10).await.unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

async fn stands(world: &World, lina: kernel::ContactId, reason: Reason) -> bool {
    world.blocks(lina, LINA).await.iter().any(|block| block.reason == reason)
}

testkit::each_engine! {
    async fn the_visible_link_the_header_and_a_reply_each_suppress(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        for (way, address) in [("link", "a@example.net"), ("header", "b@example.net"), ("reply", "c@example.net")] {
            let person = world.subscriber(address).await;
            let run = world.queue(&[(person, address)]).await;
            world.drain().await;
            let raw = sink.messages().pop().unwrap();
            let got = Got::of(&sink.seen.lock().commands, raw);
            world.advance(60);
            match way {
                "link" => {
                    let delivery = world.deliveries(run).await.remove(0).id;
                    let gate = world.outbound.gate();
                    unsubscribed(&world.ctx, gate, delivery, Asked::ThisTopic, json!({"by": "page"})).await.unwrap();
                }
                "header" => {
                    let to = got.unsubscribe_address();
                    world.comes_in(address, &to, &format!("From: {address}\r\nTo: {to}\r\n\r\n")).await;
                }
                _ => answers_from(&world, address, &got, "STOP", "").await,
            }
            let blocks = world.blocks(person, address).await;
            assert!(blocks.iter().any(|block| block.reason == Reason::Unsubscribe), "{way}");
            let next = world.queue(&[(person, address)]).await;
            assert_eq!(world.only(next).await.0, "denied", "{way}");
        }
    }

    async fn doubt_pauses_until_a_human_decides(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        answers(&world, &got, "STOP sending invoices to the old address", "").await;
        let message = only(&world).await;
        assert_eq!((message.intent.as_deref(), message.severity.as_deref()), (Some("ambiguous"), Some("p2")));
        assert!(stands(&world, lina, Reason::Pause).await);
        let paused = world.queue(&[(lina, LINA)]).await;
        assert_eq!(world.only(paused).await.0, "denied");
        settle(&world.ctx, &world.outbound, message.id, Decision::NotOptout).await.unwrap();
        assert!(!stands(&world, lina, Reason::Pause).await);
        assert!(settle(&world.ctx, &world.outbound, message.id, Decision::Optout).await.is_err());
        let settled = list(&world.ctx, &Wanted::default(), 10).await.unwrap();
        assert_eq!(settled[0].decision.as_deref(), Some("not_optout"));
    }

    async fn of_two_decisions_at_once_one_has_an_effect(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        answers(&world, &got, "STOP sending invoices to the old address", "").await;
        let message = only(&world).await;
        let decide = |decision| settle(&world.ctx, &world.outbound, message.id, decision);
        let (one, other) = tokio::join!(decide(Decision::Optout), decide(Decision::NotOptout));
        let refused: Vec<kernel::Problem> = [one.as_ref().err(), other.as_ref().err()].into_iter().flatten().cloned().collect();
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert_eq!(refused[0].code, kernel::Code::Conflict);
        let left = stands(&world, lina, Reason::Unsubscribe).await;
        assert_eq!(left, one.is_ok(), "who was refused changed nothing");
        let settled = list(&world.ctx, &Wanted::default(), 10).await.unwrap();
        assert_eq!(settled[0].decision.as_deref(), Some(if left { "optout" } else { "not_optout" }));
    }

    async fn law_ends_marketing_and_is_urgent_and_nobody_answers_by_machine(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        answers(&world, &got, "You will hear from my lawyer.", "").await;
        let message = only(&world).await;
        assert_eq!((message.intent.as_deref(), message.severity.as_deref()), (Some("complaint_legal"), Some("p1")));
        assert!(stands(&world, lina, Reason::Objection).await);
        assert_eq!(sink.messages().len(), 1);
    }

    async fn a_question_waits_and_a_fixed_subject_opens_an_urgent_entry(t: Fixture) {
        let sink = Sink::start(Script::default()).await;
        let world = World::to(t, sink.address).await;
        let (lina, got) = sent(&world, &sink).await;
        answers(&world, &got, "Where did you get my address?", "").await;
        let message = only(&world).await;
        assert_eq!((message.intent.as_deref(), message.decision.as_deref()), (Some("question_source"), None));
        assert!(world.blocks(lina, LINA).await.is_empty());
        assert_eq!(sink.messages().len(), 1);
        answers(&world, &got, "Somebody signed in as me.", "Subject: Credential theft\r\n").await;
        let urgent = Wanted { waiting: true, severity: Some("p1".into()), ..Wanted::default() };
        let found = list(&world.ctx, &urgent, 10).await.unwrap();
        assert_eq!((found.len(), found[0].triage.as_deref()), (1, Some("credential_theft")));
    }
}
