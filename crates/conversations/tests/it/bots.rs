use conversations::articles::{self, ArticleState};
use conversations::bots::{self, Draft};
use conversations::chat::{self, Words};
use conversations::events::{self, Event};
use conversations::groups::{Priority, Settings};
use conversations::widgets::{self, Words as Texts};
use conversations::{AuthorKind, Routing, State};
use testkit::Fixture;

use crate::house::House;

async fn said(house: &House, row: &conversations::conversations::Conversation) -> Vec<Event> {
    let all = events::after(&house.ctx, row.id, 0, 200).await.unwrap();
    all.into_iter().filter(|event| event.author.kind == AuthorKind::Bot).collect()
}

async fn with_bot(house: &mut House, draft: serde_json::Value) {
    let draft: Draft = serde_json::from_value(draft).unwrap();
    let bot = bots::put(&house.ctx, None, &draft).await.unwrap();
    let mut settings = house.widget.settings.clone();
    settings.bot = Some(bot.id);
    house.widget = widgets::update(&house.ctx, &house.widget, "Site", true, &settings).await.unwrap();
}

testkit::each_engine! {
    async fn a_script_asks_and_hands_over_to_a_person(t: Fixture) {
        let mut house = House::build(t).await;
        let group = house.group("Support", &[(1, Priority::Normal)], Settings::default()).await;
        house.accepts(1, 5).await;
        with_bot(&mut house, serde_json::json!({
            "name": "Barq", "enabled": true, "hand_over": group.id,
            "steps": [
                { "id": "hi", "kind": "say", "text": { "en": "Hello", "ar": "مرحبا" } },
                { "id": "what", "kind": "choices", "save": "topic", "text": { "en": "What is it about?", "ar": "" },
                  "choices": [
                      { "value": "order", "label": { "en": "An order", "ar": "طلب" } },
                      { "value": "nothing", "label": { "en": "Nothing", "ar": "لا شيء" }, "next": "bye" } ] },
                { "id": "mail", "kind": "ask", "save": "mail", "field": "email", "text": { "en": "Your e-mail?", "ar": "" } },
                { "id": "over", "kind": "hand_over" },
                { "id": "bye", "kind": "close" }
            ]
        })).await;
        let (visitor, row) = house.visitor("hello").await;
        // The first words are no answer to the choice: it asks again.
        assert_eq!((row.routing, row.assignee), (Routing::Bot, None));
        let offered = said(&house, &row).await;
        let choice = offered.iter().rfind(|event| !event.body.quick_replies.is_empty()).unwrap();
        let postback = Words::Postback(choice.seq, "order".into());
        chat::say(&house.person, &house.hub, visitor, "c1", postback).await.unwrap();
        house.says(visitor, "c2", "lina@people.example").await;
        let row = house.row(&row).await;
        assert_eq!((row.routing, row.assignee, row.bot), (Routing::Assigned, Some(house.users[1]), None));
        let details = conversations::conversations::details(&house.ctx, &row).await.unwrap();
        let answers: Vec<(&str, &str)> =
            details.answers.iter().map(|answer| (answer.key.as_str(), answer.value.as_str())).collect();
        assert_eq!(answers, [("topic", "order"), ("mail", "lina@people.example")]);
        // It does not come back in this thread.
        house.says(visitor, "c3", "thanks").await;
        assert_eq!(house.row(&row).await.bot, None);
    }

    async fn the_knowledge_base_answers_and_people_can_ask_for_a_person(t: Fixture) {
        let mut house = House::build(t).await;
        let group = house.group("Support", &[(1, Priority::Normal)], Settings::default()).await;
        house.accepts(1, 5).await;
        let article = articles::Draft {
            state: ArticleState::Published,
            title: Texts { en: "Delivery times".into(), ar: "مدة الشحن".into() },
            text: Texts { en: "Two days.".into(), ar: "يومان.".into() },
            keywords: vec!["shipping".into()],
        };
        articles::put(&house.ctx, None, &article).await.unwrap();
        with_bot(&mut house, serde_json::json!({ "name": "Barq", "enabled": true, "articles": true, "hand_over": group.id })).await;
        let (visitor, row) = house.visitor("How long is shipping?").await;
        let texts: Vec<String> = said(&house, &row).await.into_iter().filter_map(|event| event.body.text).collect();
        assert!(texts.iter().any(|text| text.contains("Two days.")), "{texts:?}");
        house.says(visitor, "c1", "I want to talk to an agent").await;
        let row = house.row(&row).await;
        assert_eq!((row.routing, row.assignee), (Routing::Assigned, Some(house.users[1])));
    }

    async fn a_bot_may_end_it(t: Fixture) {
        let mut house = House::build(t).await;
        with_bot(&mut house, serde_json::json!({
            "name": "Barq", "enabled": true,
            "steps": [
                { "id": "q", "kind": "ask", "text": { "en": "Solved?", "ar": "" } },
                { "id": "bye", "kind": "close" }
            ]
        })).await;
        let (visitor, row) = house.visitor("hello").await;
        assert_eq!(house.row(&row).await.state, State::Closed, "the first words answered the question");
        let _ = visitor;
    }
}
