use conversations::chat::{self, FilledIn};
use conversations::events::{self, FormKind};
use conversations::mailing::{self, CameIn};
use conversations::visitors;
use kernel::EventId;
use people::subscribe::Proof;
use testkit::Fixture;

use crate::house::House;

async fn offline(house: &House, visitor: kernel::VisitorId) {
    let values = serde_json::json!({ "email": "lina@people.example", "subject": "Order 7", "message": "Where is it?" });
    let values = serde_json::from_value(values).unwrap();
    let filled = FilledIn::read(&house.widget, FormKind::Offline, &values, "en", &Proof::default()).unwrap();
    chat::fill_in(&house.person, &house.hub, &house.widget, visitor, ("form", filled)).await.unwrap();
}

testkit::each_engine! {
    async fn an_offline_form_becomes_a_ticket_answered_by_mail(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("anybody there?").await;
        offline(&house, visitor).await;
        let row = house.row(&row).await;
        assert_eq!(row.channel.as_str(), "email");
        assert!(row.waiting_since.is_some());
        house.answers(1, &row, "a", "It left yesterday.").await;
        house.later(11).await;
        let sent = house.recorder.sent.lock().clone();
        assert_eq!(sent.len(), 1);
        assert_eq!((sent[0].to.as_str(), sent[0].subject.as_str()), ("lina@people.example", "Re: Order 7"));
        assert!(sent[0].text.contains("It left yesterday."), "{}", sent[0].text);
        // The letter knows its conversation.
        let delivery = outbound::DeliveryRow::find(&house.ctx, sent[0].source_delivery).await.unwrap().unwrap();
        assert_eq!(outbound::correspondence::about(&house.ctx, &delivery).await.unwrap(), Some(row.id.0));
        // The answer comes in once, whatever happens.
        let message: EventId = house.ctx.id();
        let letter = CameIn {
            message,
            text: "Thank you\u{7}!".into(),
            references: vec!["x@people.example".into()],
            from: Some("lina@people.example".into()),
        };
        mailing::came_in(&house.ctx, &house.hub, row.id, letter.clone()).await.unwrap();
        mailing::came_in(&house.ctx, &house.hub, row.id, letter).await.unwrap();
        let all = events::after(&house.ctx, row.id, 0, 200).await.unwrap();
        assert_eq!(all.iter().filter(|event| event.body.text.as_deref() == Some("Thank you!")).count(), 1);
        // Nothing is written twice.
        house.later(600).await;
        assert_eq!(house.recorder.sent.lock().len(), 1);
    }

    async fn an_answer_follows_who_left_the_page_and_nobody_else(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        house.answers(1, &row, "a", "one moment").await;
        house.later(130).await;
        assert!(house.recorder.sent.lock().is_empty(), "no address is known");
        visitors::change(&house.ctx, visitor, |known| known.profile.email = Some("lina@people.example".into()))
            .await
            .unwrap();
        let seen = house.answers(1, &row, "b", "found it").await;
        conversations::conversations::mark_seen(&house.person, &house.hub, &seen.row, None, seen.event.seq).await.unwrap();
        house.later(130).await;
        assert!(house.recorder.sent.lock().is_empty(), "it was read on the page");
        house.answers(1, &row, "c", "and this").await;
        house.later(130).await;
        let sent = house.recorder.sent.lock().clone();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].text.contains("and this") && !sent[0].text.contains("found it"));
    }

    async fn a_transcript_goes_by_mail_a_few_times_at_most(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello there").await;
        house.answers(1, &row, "a", "good day").await;
        let note = conversations::events::NewEvent::note(conversations::Author::agent(house.users[1]), "whisper".into());
        let said = conversations::conversations::Said { event: note, resume: false };
        conversations::conversations::send(&house.ctx, &house.hub, row.id, said).await.unwrap();
        assert!(chat::transcript(&house.person, &house.hub, visitor, "no address").await.is_err());
        for _ in 0..3 {
            chat::transcript(&house.person, &house.hub, visitor, "lina@people.example").await.unwrap();
            house.work().await;
        }
        assert!(chat::transcript(&house.person, &house.hub, visitor, "lina@people.example").await.is_err());
        let sent = house.recorder.sent.lock().clone();
        assert_eq!(sent.len(), 3);
        assert!(sent[0].text.contains("hello there") && sent[0].text.contains("good day"));
        assert!(!sent[0].text.contains("whisper"));
    }
}
