use kernel::UserId;
use privacy::answer::answer;
use privacy::erasure;
use privacy::facts::SubjectFacts;
use privacy::gate::{Gate, Withdrawal};
use privacy::provenance::{Method, Provenance, record};
use privacy::suppression::Reason;
use privacy::vocabulary::{Channel, Scope};
use serde_json::json;
use store::Actor;
use testkit::Fixture;

use crate::people::{Person, state};

testkit::each_engine! {
    async fn the_answer_has_everything_of_one_person_and_nothing_of_others(t: Fixture) {
        let (plain, gate) = (t.workspace().await, Gate::new());
        let ctx = t.core.ctx(plain.workspace, Actor::User(plain.id::<UserId>()));
        let keys = ctx.keys().await.unwrap();
        let mut batch = ctx.batch();
        let source = Provenance {
            method: Method::Import,
            source: "Fair in Dubai".into(),
            collected_on: None,
            parent: None,
            detail: json!(null),
        };
        let source = record(&mut batch, &ctx, &keys, source).unwrap();
        ctx.db.apply(batch).await.unwrap();
        let german = SubjectFacts { country: Some("DE".into()), ..SubjectFacts::default() };
        let lina = Person::sourced(&ctx, "lina@example.com", german, json!(source)).await;
        let omar = Person::german(&ctx, "omar@example.org").await;
        for person in [&lina, &omar] {
            state(&ctx, person.consent(ctx.now())).await;
        }
        let stop = Withdrawal {
            subject: lina.id,
            addresses: vec![lina.address],
            scope: Scope::Channel(Channel::Sms),
            reason: Reason::Unsubscribe,
            evidence: json!({"text": "STOP"}),
        };
        gate.withdraw(&ctx, stop).await.unwrap();

        let told = answer(&ctx, lina.id).await.unwrap();
        assert_eq!(told.sources.len(), 1);
        assert_eq!((told.sources[0].source.as_str(), told.sources[0].actor.as_str()), ("Fair in Dubai", "member"));
        assert_eq!(told.basis.len(), 1);
        assert_eq!(told.suppressions.len(), 2);
        let tables: Vec<_> = told.sections.iter().map(|section| section.table).collect();
        assert_eq!(tables, ["claim", "gate_subject", "ledger_event", "test_person"]);
        let text = serde_json::to_string(&told).unwrap();
        for wanted in ["lina@example.com", "192.0.2.7", "Yes, write to me", "STOP", "marketing.contact"] {
            assert!(text.contains(wanted), "{wanted}");
        }
        for foreign in ["omar", "example.org", "usr_"] {
            assert!(!text.contains(foreign), "{foreign}");
        }
        let certificate = erasure::erase(&ctx, &gate, lina.id).await.unwrap();
        let after = answer(&ctx, lina.id).await.unwrap();
        assert_eq!(after.erased, Some(certificate));
        assert!(after.sections.is_empty() && after.basis.is_empty());
        assert!(answer(&ctx, ctx.id()).await.is_err());
    }
}
