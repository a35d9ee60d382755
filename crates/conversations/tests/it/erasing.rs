use conversations::chat::{self, FilledIn};
use conversations::conversations as rows;
use conversations::events::{self, FormKind};
use conversations::visitors;
use kernel::{ContactId, Email};
use people::contacts;
use people::subscribe::Proof;
use privacy::claims;
use store::params;
use testkit::Fixture;

use crate::house::House;

store::sql! {
    LEFT = "SELECT CAST(count(*) AS BIGINT) FROM conversation_event WHERE workspace = $1 AND subject = $2";
}

async fn fills(house: &House, visitor: kernel::VisitorId, values: serde_json::Value) {
    let values = serde_json::from_value(values).unwrap();
    let filled = FilledIn::read(&house.widget, FormKind::AskMail, &values, "en", &Proof::default()).unwrap();
    chat::fill_in(&house.person, &house.hub, &house.widget, visitor, ("form", filled)).await.unwrap();
}

testkit::each_engine! {
    async fn an_address_makes_a_contact_without_advertising(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        fills(&house, visitor, serde_json::json!({ "email": "lina@people.example" })).await;
        let email = Email::parse("lina@people.example").unwrap();
        let contact = contacts::by_email(&house.ctx, &email).await.unwrap().unwrap();
        assert_eq!(house.row(&row).await.contact, Some(contact));
        assert!(claims::list(&house.ctx, contact).await.unwrap().is_empty(), "nothing was ticked");
        // Another visitor who types the same address is not shown as that person.
        let (other, other_row) = house.visitor("it is me").await;
        fills(&house, other, serde_json::json!({ "email": "lina@people.example", "news": true })).await;
        assert_eq!(house.row(&other_row).await.contact, None);
        assert_eq!(visitors::get(&house.ctx, other).await.unwrap().profile.email.as_deref(), Some("lina@people.example"));
    }

    async fn a_tick_goes_to_the_ledger_with_its_words(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, _) = house.visitor("hello").await;
        fills(&house, visitor, serde_json::json!({ "email": "sami@people.example", "news": true })).await;
        let email = Email::parse("sami@people.example").unwrap();
        let contact = contacts::by_email(&house.ctx, &email).await.unwrap().unwrap();
        let claims = claims::list(&house.ctx, contact).await.unwrap();
        assert_eq!(claims.len(), 1);
        assert_eq!(claims[0].purpose.to_string(), "marketing");
    }

    async fn erasing_the_contact_erases_the_chat(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("my secret").await;
        fills(&house, visitor, serde_json::json!({ "email": "lina@people.example" })).await;
        let contact = house.row(&row).await.contact.unwrap();
        let subject = ContactId(visitor.0);
        contacts::erase(&house.ctx, house.outbound.gate(), contact).await.unwrap();
        let left: (i64,) = house.ctx.db.one(LEFT, params![house.ctx.workspace, subject]).await.unwrap();
        assert_eq!(left.0, 0);
        assert!(rows::get(&house.ctx, row.id).await.is_err());
        assert!(visitors::find(&house.ctx, visitor).await.unwrap().is_none());
        let keys = house.ctx.vault.subject(house.ctx.workspace, subject).await.unwrap();
        assert!(keys.data().is_err(), "every copy is unreadable");
        // A page that still holds the token begins anew only as somebody else.
        let start = chat::Start {
            client: "again".into(),
            filled: None,
            text: Some("hello again".into()),
            profile: visitors::Profile::default(),
            page: None,
            group: None,
        };
        assert!(chat::start(&house.person, &house.hub, &house.widget, visitor, start).await.is_err());
    }

    async fn a_merged_contact_keeps_its_conversations(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("hello").await;
        fills(&house, visitor, serde_json::json!({ "email": "lina@people.example" })).await;
        let duplicate = house.row(&row).await.contact.unwrap();
        let draft = contacts::Draft {
            emails: vec![Email::parse("lina@work.example").unwrap()],
            ..contacts::Draft::default()
        };
        let origin = contacts::Origin { method: privacy::provenance::Method::Given, source: "test".into() };
        let kept = contacts::create(&house.ctx, draft, &origin).await.unwrap();
        contacts::merge(&house.ctx, kept, duplicate).await.unwrap();
        visitors::follow_merges(&house.ctx).await.unwrap();
        assert_eq!(house.row(&row).await.contact, Some(kept));
        contacts::erase(&house.ctx, house.outbound.gate(), kept).await.unwrap();
        assert!(rows::get(&house.ctx, row.id).await.is_err());
    }

    async fn somebody_whom_nobody_knows_is_erased_alone(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("my secret").await;
        let (_, other) = house.visitor("stays").await;
        let subject = ContactId(visitor.0);
        privacy::erasure::erase(&house.ctx, house.outbound.gate(), subject).await.unwrap();
        assert!(rows::get(&house.ctx, row.id).await.is_err());
        assert_eq!(events::after(&house.ctx, other.id, 0, 10).await.unwrap().len(), 2);
    }

    async fn the_answer_to_the_person_shows_what_was_said(t: Fixture) {
        let house = House::build(t).await;
        let (visitor, row) = house.visitor("what I said").await;
        house.answers(1, &row, "a", "what you said").await;
        let note = conversations::events::NewEvent::note(conversations::Author::agent(house.users[1]), "a note".into());
        rows::send(&house.ctx, &house.hub, row.id, rows::Said { event: note, resume: false }).await.unwrap();
        let subject = ContactId(visitor.0);
        let keys = house.ctx.vault.subject(house.ctx.workspace, subject).await.unwrap();
        let mut told = String::new();
        for table in store::PersonalTable::all() {
            if let Some(collect) = table.collect {
                told.push_str(&serde_json::to_string(&collect(&house.ctx, subject, &keys).await.unwrap()).unwrap());
            }
        }
        assert!(told.contains("what I said") && told.contains("what you said") && !told.contains("a note"));
    }
}
