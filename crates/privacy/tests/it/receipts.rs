use privacy::gate::{Gate, Withdrawal};
use privacy::receipts::{self, Controller, Seal};
use privacy::signal::{self, Heeded};
use privacy::suppression::Reason;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose, Scope};
use privacy::{claims, purposes};
use serde_json::{Value, json};
use testkit::Fixture;

use crate::people::{Person, state};

fn controller() -> Controller {
    Controller {
        name: "Barid".into(),
        postal_address: "1 Post Street".into(),
        rights: "https://barid.example/privacy/barid".into(),
    }
}

testkit::each_engine! {
    async fn a_receipt_tells_the_history_and_can_be_checked(t: Fixture) {
        let ctx = t.workspace().await;
        let mut batch = ctx.batch();
        purposes::seed(&mut batch, &ctx);
        ctx.db.apply(batch).await.unwrap();
        let person = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, person.consent(ctx.now())).await;
        t.clock.advance(60);
        let receipt = receipts::list(&ctx, person.id, &controller()).await.unwrap().remove(0);
        assert_eq!(receipts::check(&receipt), Seal::Intact);
        assert_eq!(receipt["sig"]["key"], receipts::public_key(&ctx).await.unwrap());
        assert_eq!(receipt["schema"], receipts::SCHEMA);
        assert_eq!(receipt["purposes"][0]["dpv"], "dpv:DirectMarketing");
        assert_eq!(receipt["purposes"][0]["basis"], "eu-gdpr:A6-1-a-non-explicit-consent");
        assert_eq!(receipt["state"], "dpv:ConsentGiven");
        assert_eq!(receipt["events"][0]["method"], "double_opt_in");
        assert_eq!(receipt["events"][0]["wording"], "Yes, write to me");
        assert!(receipt["controller"]["name"] == "Barid" && receipt["rights"] == "https://barid.example/privacy/barid");

        let withdrawal = Withdrawal {
            subject: person.id,
            addresses: vec![person.address],
            scope: Scope::Purpose(Purpose::MARKETING),
            reason: Reason::Objection,
            evidence: json!({"source": "page"}),
        };
        Gate::new().withdraw(&ctx, withdrawal).await.unwrap();
        let later = receipts::list(&ctx, person.id, &controller()).await.unwrap().remove(0);
        let states: Vec<&str> =
            later["events"].as_array().unwrap().iter().map(|event| event["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["dpv:ConsentGiven", "eu-gdpr:A21"]);
        assert_eq!(receipts::check(&later), Seal::Intact);
    }

    async fn whatever_is_changed_breaks_the_seal(t: Fixture) {
        let ctx = t.workspace().await;
        let person = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, person.consent(ctx.now())).await;
        let receipt = receipts::list(&ctx, person.id, &controller()).await.unwrap().remove(0);
        // Another order of members is the same receipt.
        let text = receipt.to_string();
        assert_eq!(receipts::check(&serde_json::from_str(&text).unwrap()), Seal::Intact);
        for (pointer, value) in [
            ("/state", json!("dpv:ConsentWithdrawn")),
            ("/purposes/0/id", json!("profiling")),
            ("/events/0/at", json!("2020-01-01T00:00:00Z")),
            ("/sig/key", json!("00".repeat(32))),
            ("/sig/value", json!("AAAA")),
        ] {
            let mut forged = receipt.clone();
            *forged.pointer_mut(pointer).unwrap() = value;
            assert_eq!(receipts::check(&forged), Seal::Broken, "{pointer}");
        }
        let mut more = receipt.clone();
        more["note"] = json!("added");
        assert_eq!(receipts::check(&more), Seal::Broken);
        for foreign in [json!(null), json!([]), json!({}), json!({"sig": {"alg": "RS256"}})] {
            assert_eq!(receipts::check(&foreign), Seal::Foreign);
        }
    }

    async fn a_browsers_signal_is_an_objection_unless_the_person_allowed_it(t: Fixture) {
        let ctx = t.workspace().await;
        let person = Person::german(&ctx, "lina@example.com").await;
        assert_eq!(signal::heed(&ctx, person.id, "sign-up form").await.unwrap(), Heeded::Recorded);
        assert_eq!(signal::heed(&ctx, person.id, "sign-up form").await.unwrap(), Heeded::Known);
        let objected = |claims: &[claims::Claim]| {
            claims.iter().filter(|claim| claim.state == ConsentState::Objected).map(|claim| claim.purpose.to_string()).collect::<Vec<_>>()
        };
        let known = claims::list(&ctx, person.id).await.unwrap();
        let mut purposes = objected(&known);
        purposes.sort();
        assert_eq!(purposes, ["engagement_tracking", "profiling"]);

        // A later, specific consent stands: the page asks, the signal alone does not take it back.
        t.clock.advance(60);
        let given = claims::Statement {
            purpose: Purpose::ENGAGEMENT_TRACKING,
            channel: Channel::Email,
            basis: BasisKind::Consent,
            ..person.statement(ConsentState::Given, ctx.now(), json!({"source": "preference centre"}))
        };
        state(&ctx, given).await;
        assert_eq!(signal::heed(&ctx, person.id, "preference centre").await.unwrap(), Heeded::AllowedBefore);
        let known: Value = serde_json::to_value(claims::list(&ctx, person.id).await.unwrap()).unwrap();
        let tracking = known.as_array().unwrap().iter().find(|claim| claim["purpose"] == "engagement_tracking").unwrap();
        assert_eq!(tracking["state"], "given");
    }
}
