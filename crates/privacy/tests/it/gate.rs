use std::sync::Arc;

use kernel::DeliveryId;
use privacy::facts::{self, SubjectFacts};
use privacy::gate::{self, FrequencyCap, Gate, PermitLost, Recheck, Settings, Withdrawal};
use privacy::purposes;
use privacy::suppression::Reason;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose, RecipientType, Scope};
use serde_json::json;
use store::{Ctx, params};
use testkit::Fixture;

use crate::people::{Person, state, verdict};

async fn set_facts(ctx: &Ctx, person: &Person, facts: SubjectFacts) {
    let keys = ctx.vault.subject(ctx.workspace, person.id).await.unwrap();
    let mut batch = ctx.batch();
    facts::write(&mut batch, ctx, &keys, person.id, &facts).unwrap();
    ctx.db.apply(batch).await.unwrap();
}

fn recheck(ctx: &Ctx, person: &Person) -> Recheck {
    Recheck { delivery: ctx.id::<DeliveryId>(), ask: person.ask() }
}

testkit::each_engine! {
    async fn what_is_stored_decides(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let person = Person::german(&ctx, "lina@example.com").await;
        assert_eq!(person.asked(&ctx, &gate).await, "no_basis");
        state(&ctx, person.statement(ConsentState::Requested, ctx.now(), json!({"ip": "192.0.2.7"}))).await;
        assert_eq!(person.asked(&ctx, &gate).await, "consent_pending");
        state(&ctx, person.statement(ConsentState::Given, ctx.now(), json!({"source": "fair"}))).await;
        assert_eq!(person.asked(&ctx, &gate).await, "doi_missing");
        let event = state(&ctx, person.consent(ctx.now())).await;
        let grant = gate.preview(&ctx, vec![person.ask()]).await.unwrap().remove(0).unwrap();
        assert_eq!((grant.basis, grant.event), (Some(BasisKind::Consent), Some(event)));
        assert!(!grant.rule.is_empty() && !grant.pack.is_empty());

        let german = SubjectFacts { country: Some("DE".into()), ..SubjectFacts::default() };
        let cases = [
            (SubjectFacts { archived: true, ..german.clone() }, "archived"),
            (SubjectFacts { restricted: true, ..german.clone() }, "restricted"),
            (SubjectFacts { birth_date: Some("2015-01-01".parse().unwrap()), ..german.clone() }, "minor"),
            (german, "permit"),
        ];
        for (facts, wanted) in cases {
            set_facts(&ctx, &person, facts).await;
            assert_eq!(person.asked(&ctx, &gate).await, wanted);
        }
        let mut ask = person.ask();
        ask.content.missing = vec!["opt_out"];
        assert_eq!(verdict(&ctx, &gate, ask.clone()).await, "element_missing");
        ask.content.missing.clear();
        ask.sender_verified = false;
        assert_eq!(verdict(&ctx, &gate, ask).await, "sender_domain_unverified");
    }

    async fn legitimate_interest_needs_its_terms_and_counts_touches(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let facts = SubjectFacts {
            country: Some("FR".into()),
            recipient_type: Some(RecipientType::CorporateNamed),
            ..SubjectFacts::default()
        };
        let person = Person::known(&ctx, "lina@example.com", facts).await;
        let mut statement = person.statement(ConsentState::Given, ctx.now(), json!({"source": "page"}));
        statement.basis = BasisKind::LegitimateInterest;
        state(&ctx, statement.clone()).await;
        assert_eq!(person.asked(&ctx, &gate).await, "lia_missing");
        let assessment = crate::assessments::live(&ctx).await.id;
        statement.detail = json!({
            "source": "page", "provenance": "prv_1", "reason": "runs a print shop", "art14_notice": true,
            "lia": {"id": assessment, "purpose": "marketing", "author": "Omar"},
        });
        state(&ctx, statement).await;
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
        let grant = gate.preview(&ctx, vec![person.ask()]).await.unwrap().remove(0).unwrap();
        for _ in 0..20 {
            let mut batch = ctx.batch();
            gate::record_sent(&mut batch, &ctx, person.id, &grant, ctx.now());
            ctx.db.apply(batch).await.unwrap();
        }
        assert_eq!(person.asked(&ctx, &gate).await, "touches_exhausted");
        let mut batch = ctx.batch();
        gate::record_engagement(&mut batch, &ctx, person.id, ctx.now());
        ctx.db.apply(batch).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
    }

    async fn a_prospects_opt_out_erases_and_blocks_every_channel(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let person = Person::german(&ctx, "lina@example.com").await;
        let mut statement = person.statement(ConsentState::Given, ctx.now(), json!({"reason": "x", "lia": {"id": "1"}}));
        statement.basis = BasisKind::LegitimateInterest;
        state(&ctx, statement).await;
        let stop = Withdrawal {
            subject: person.id,
            addresses: vec![person.address],
            scope: Scope::Channel(Channel::Email),
            reason: Reason::Unsubscribe,
            evidence: json!({"reply": "no thanks"}),
        };
        assert!(gate.withdraw(&ctx, stop).await.unwrap().erasing);
        let mut ask = person.ask();
        ask.channel = Channel::Sms;
        assert_eq!(verdict(&ctx, &gate, ask.clone()).await, "unsubscribe_all");
        let jobs: Vec<Arc<dyn store::jobs::Handler>> = vec![Arc::new(gate.erasure_jobs())];
        assert_eq!(store::jobs::drain(&t.core, &jobs).await.unwrap(), 1);
        assert_eq!(verdict(&ctx, &gate, ask).await, "erased");
        assert!(privacy::erasure::certificate(&ctx, person.id).await.unwrap().is_some());
    }

    async fn settings_hold_at_once(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let person = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, person.consent(ctx.now())).await;
        gate::configure(&ctx, &Settings { paused: true, ..Settings::default() }).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "account_blocked");
        let capped = Settings { frequency: Some(FrequencyCap { cap: 1, days: 2 }), ..Settings::default() };
        gate::configure(&ctx, &capped).await.unwrap();
        let grant = gate.preview(&ctx, vec![person.ask()]).await.unwrap().remove(0).unwrap();
        let mut batch = ctx.batch();
        gate::record_sent(&mut batch, &ctx, person.id, &grant, ctx.now());
        ctx.db.apply(batch).await.unwrap();
        let denial = gate.preview(&ctx, vec![person.ask()]).await.unwrap().remove(0).unwrap_err();
        assert_eq!(denial.reason, "frequency_cap");
        let until = denial.until.unwrap();
        assert_eq!(until.to_string(), "2026-11-23T00:00:00Z");
        t.clock.set(until);
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
        let wrong = Settings { frequency: Some(FrequencyCap { cap: 1, days: 0 }), ..Settings::default() };
        assert!(gate::configure(&ctx, &wrong).await.is_err());
        let mut batch = ctx.batch();
        purposes::seed(&mut batch, &ctx);
        ctx.db.apply(batch).await.unwrap();
        purposes::retire(&ctx, &Purpose::MARKETING).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "purpose_unknown");
    }

    async fn a_basis_that_is_excluded_carries_nothing_and_is_not_stated(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let person = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, person.consent(ctx.now())).await;
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
        let bases = |bases: Vec<BasisKind>| Settings { bases: Some(bases), ..Settings::default() };
        gate::configure(&ctx, &bases(vec![BasisKind::LegitimateInterest, BasisKind::Contract])).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "basis_forbidden");
        for excluded in [BasisKind::Consent, BasisKind::SoftOptIn] {
            assert!(gate::require_basis(&ctx, excluded).await.is_err(), "{excluded}");
        }
        for holds in [BasisKind::Contract, BasisKind::LegalObligation, BasisKind::SubjectRequest] {
            gate::require_basis(&ctx, holds).await.unwrap();
        }
        assert!(gate::configure(&ctx, &bases(Vec::new())).await.is_err(), "none at all is a mistake");
        gate::configure(&ctx, &bases(vec![BasisKind::Consent])).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
        gate::configure(&ctx, &Settings::default()).await.unwrap();
        assert_eq!(gate::settings(&ctx).await.unwrap().bases, None);
    }

    async fn authorising_reads_what_the_transaction_sees(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (lina, omar) = (Person::german(&ctx, "lina@example.com").await, Person::german(&ctx, "omar@example.com").await);
        state(&ctx, lina.consent(ctx.now())).await;
        let asked = gate.prepare(&ctx, vec![lina.ask(), omar.ask()]).await.unwrap();
        let (inside, now) = (gate.clone(), ctx.now());
        let answers = ctx
            .db
            .tx(move |tx| {
                let answers = inside.authorise_many(tx, &asked, now)?;
                // The insert of the delivery row would consume the token here.
                Ok(answers.into_iter().map(|answer| answer.map(privacy::gate::Queued::into_grant)).collect::<Vec<_>>())
            })
            .await
            .unwrap();
        assert_eq!(answers[0].as_ref().unwrap().reason, "consent");
        assert_eq!(answers[1].as_ref().unwrap_err().reason, "no_basis");
    }

    async fn a_permit_is_bound_and_short_lived(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let person = Person::german(&ctx, "lina@example.com").await;
        state(&ctx, person.consent(ctx.now())).await;
        let check = recheck(&ctx, &person);
        let permit = gate.recheck_many(&ctx, vec![check.clone()]).await.unwrap().remove(0).unwrap();
        assert!(permit.covers(check.delivery, &person.address, &[1; 32]));
        assert!(!permit.covers(check.delivery, &person.domain, &[1; 32]));
        assert!(!permit.covers(check.delivery, &person.address, &[2; 32]));
        assert_eq!(gate.outstanding(), 1);
        t.clock.advance(2);
        assert_eq!(permit.begin(ctx.now()).unwrap_err(), PermitLost::Expired);
        assert_eq!(gate.outstanding(), 0);
        let permit = gate.recheck_many(&ctx, vec![check]).await.unwrap().remove(0).unwrap();
        let handover = permit.begin(ctx.now()).unwrap();
        assert_eq!(gate.outstanding(), 1);
        drop(handover);
        assert_eq!(gate.outstanding(), 0);
    }

    async fn one_damaged_record_stops_one_message(t: Fixture) {
        store::sql! {
            DAMAGE = "UPDATE gate_subject SET sealed = $3 WHERE workspace = $1 AND subject = $2";
        }
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let (lina, omar) = (Person::german(&ctx, "lina@example.com").await, Person::german(&ctx, "omar@example.com").await);
        for person in [&lina, &omar] {
            state(&ctx, person.consent(ctx.now())).await;
        }
        let values = params![ctx.workspace, lina.id, vec![0u8; 60]];
        ctx.db.tx(move |tx| tx.exec(DAMAGE, values.clone())).await.unwrap();
        let answers = gate.preview(&ctx, vec![lina.ask(), omar.ask()]).await.unwrap();
        assert!(answers[0].is_err() && answers[1].is_ok());
    }
}
