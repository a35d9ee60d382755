//! Requests of public authorities.

use kernel::{Code, Timestamp};
use privacy::authority::{self, Intake};
use privacy::{announcements, disclosures};
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::people::{Person, state};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn intake() -> Intake {
    Intake {
        body: "Regional Court".into(),
        instrument: "court order 12/26".into(),
        government_body: true,
        jurisdiction: true,
        compulsory: true,
        categories: vec!["claim".into()],
        period_from: Some(at("2026-11-01T00:00:00Z")),
        period_to: Some(at("2026-12-01T00:00:00Z")),
        ..Intake::default()
    }
}

async fn consenting(ctx: &Ctx) -> Person {
    let person = Person::german(ctx, "sara@example.com").await;
    state(ctx, person.consent(at("2026-11-10T00:00:00Z"))).await;
    person
}

async fn letters(ctx: &Ctx) -> usize {
    announcements::list(ctx, None, 10).await.unwrap().len()
}

testkit::each_engine! {
    async fn all_four_tests_must_hold(t: Fixture) {
        let ctx = t.workspace().await;
        let person = consenting(&ctx).await;
        for (name, bad) in [
            ("government_body", Intake { government_body: false, ..intake() }),
            ("jurisdiction", Intake { jurisdiction: false, ..intake() }),
            ("compulsory", Intake { compulsory: false, ..intake() }),
            ("compulsory", Intake { instrument: String::new(), ..intake() }),
            ("specific", Intake { categories: Vec::new(), ..intake() }),
            ("specific", Intake { period_from: None, ..intake() }),
            ("specific", Intake { period_to: None, ..intake() }),
        ] {
            let request = authority::create(&ctx, bad).await.unwrap();
            authority::put(&ctx, request.id, &[person.id]).await.unwrap();
            assert!(!request.exportable);
            let problem = authority::export(&ctx, request.id).await.unwrap_err().problem();
            assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::Conflict, name));
        }
        let refused = authority::list(&ctx, None, 10).await.unwrap().remove(0);
        assert_eq!(authority::close(&ctx, refused.id).await.unwrap().state, "refused");
        let everything = Intake { categories: vec!["everything".into()], ..intake() };
        assert!(authority::create(&ctx, everything).await.is_err());
        assert_eq!(letters(&ctx).await, 0);
    }

    async fn only_named_records_of_the_period_leave(t: Fixture) {
        let ctx = t.workspace().await;
        let person = consenting(&ctx).await;
        let other = Person::german(&ctx, "omar@example.com").await;
        state(&ctx, other.consent(at("2026-11-10T00:00:00Z"))).await;
        let request = authority::create(&ctx, intake()).await.unwrap();
        assert!(authority::export(&ctx, request.id).await.is_err(), "nobody is named");
        authority::put(&ctx, request.id, &[person.id]).await.unwrap();
        let export = authority::export(&ctx, request.id).await.unwrap();
        assert_eq!(export.records.len(), 1);
        assert!(export.records.iter().all(|one| one.subject == person.id && one.table == "claim"));
        let said = disclosures::of_subject(&ctx, person.id).await.unwrap();
        assert_eq!((said.len(), said[0].recipient.as_str()), (1, "Regional Court"));
        assert!(disclosures::of_subject(&ctx, other.id).await.unwrap().is_empty());
        assert_eq!(letters(&ctx).await, 1, "the person is told");

        let before = Intake { period_from: Some(at("2025-01-01T00:00:00Z")), period_to: Some(at("2025-02-01T00:00:00Z")), ..intake() };
        let outside = authority::create(&ctx, before).await.unwrap();
        authority::put(&ctx, outside.id, &[person.id]).await.unwrap();
        assert!(authority::export(&ctx, outside.id).await.unwrap().records.is_empty());
        assert_eq!(letters(&ctx).await, 1);
        let answered = authority::close(&ctx, request.id).await.unwrap();
        assert_eq!(answered.state, "answered");
        let year = authority::transparency(&ctx).await.unwrap()[&2026];
        assert_eq!((year.received, year.answered, year.barred), (2, 2, 0));
    }

    async fn while_barred_nobody_learns_of_it(t: Fixture) {
        let ctx = t.workspace().await;
        let person = consenting(&ctx).await;
        let until = Some(at("2027-01-01T00:00:00Z"));
        let request = authority::create(&ctx, Intake { barred_until: until, ..intake() }).await.unwrap();
        authority::put(&ctx, request.id, &[person.id]).await.unwrap();
        authority::export(&ctx, request.id).await.unwrap();
        assert_eq!(authority::tick(&ctx).await.unwrap(), 0);
        assert!(disclosures::of_subject(&ctx, person.id).await.unwrap().is_empty());
        let answer = json!(privacy::answer::answer(&ctx, person.id).await.unwrap()).to_string();
        assert!(!answer.contains("Regional Court") && !answer.contains("authority_subject"), "{answer}");
        t.clock.set(at("2027-01-01T00:00:00Z"));
        assert_eq!(authority::tick(&ctx).await.unwrap(), 1);
        assert_eq!(authority::tick(&ctx).await.unwrap(), 0);
        assert_eq!(letters(&ctx).await, 1);
        assert_eq!(disclosures::of_subject(&ctx, person.id).await.unwrap().len(), 1);
        let answer = json!(privacy::answer::answer(&ctx, person.id).await.unwrap()).to_string();
        assert!(answer.contains("authority_subject"));
    }
}
