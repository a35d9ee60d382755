//! Bases as members state them, and how they end.

use kernel::{Code, Timestamp};
use privacy::claims::{self, Evidence, Stated};
use privacy::facts::SubjectFacts;
use privacy::gate::Gate;
use privacy::purposes;
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose, RecipientType};
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::people::Person;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stated(basis: BasisKind, detail: Evidence) -> Stated {
    let (purpose, channel) = (Purpose::MARKETING, Channel::Email);
    Stated { basis, purpose, channel, topic: None, at: None, expires_at: None, detail }
}

async fn seeded(t: &Fixture) -> Ctx {
    let ctx = t.workspace().await;
    let mut batch = ctx.batch();
    purposes::seed(&mut batch, &ctx);
    ctx.db.apply(batch).await.unwrap();
    ctx
}

async fn living_in(ctx: &Ctx, email: &str, country: &str) -> Person {
    Person::known(ctx, email, SubjectFacts { country: Some(country.into()), ..SubjectFacts::default() }).await
}

fn implied(kind: &str) -> Evidence {
    Evidence { kind: Some(kind.into()), evidence: Some("order 4711".into()), ..Evidence::default() }
}

fn sale() -> Evidence {
    Evidence {
        relationship: Some("customer".into()),
        collected_in: Some("sale".into()),
        sale_at: Some("2026-03-01".into()),
        similar_goods: Some(true),
        opt_out_offered_at_collection: Some(true),
        opt_out_offered_each_time: Some(true),
        ..Evidence::default()
    }
}

testkit::each_engine! {
    async fn implied_consent_ends_by_the_calendar(t: Fixture) {
        let (ctx, gate) = (seeded(&t).await, Gate::new());
        // Purchase: two years. Enquiry: six months. A month ends on the same day number, or on its last.
        for (number, (kind, begins, ends)) in [
            ("enquiry", "2026-08-31T10:00:00Z", "2027-02-28T10:00:00Z"),
            ("enquiry", "2027-08-31T10:00:00Z", "2028-02-29T10:00:00Z"),
            ("enquiry", "2028-03-31T00:00:00Z", "2028-09-30T00:00:00Z"),
            ("purchase", "2028-10-31T23:59:59Z", "2030-10-31T23:59:59Z"),
            ("purchase", "2032-02-29T12:00:00Z", "2034-02-28T12:00:00Z"),
        ].into_iter().enumerate() {
            t.clock.set(at(begins));
            let person = living_in(&ctx, &format!("p{number}@example.com"), "CA").await;
            let claim = claims::record(&ctx, person.id, stated(BasisKind::ImpliedConsent, implied(kind))).await.unwrap();
            assert_eq!(claim.expires_at, Some(at(ends)), "{kind} {begins}");
            t.clock.set(at(ends).plus_micros(-1));
            assert_eq!(person.asked(&ctx, &gate).await, "permit");
            assert_eq!(claims::expire_due(&ctx, ctx.now(), 100).await.unwrap(), 0);
            t.clock.set(at(ends));
            assert_eq!(person.asked(&ctx, &gate).await, "basis_expired");
            assert_eq!(claims::expire_due(&ctx, ctx.now(), 100).await.unwrap(), 1);
            assert_eq!(person.asked(&ctx, &gate).await, "basis_expired");
            let claim = claims::list(&ctx, person.id).await.unwrap().remove(0);
            assert_eq!((claim.state, claim.at), (ConsentState::Expired, at(ends)));
            assert_eq!(claims::from_ledger(&ctx, person.id).await.unwrap()[0].state, ConsentState::Expired);
        }
    }

    async fn a_longer_term_than_the_law_gives_is_cut(t: Fixture) {
        let ctx = seeded(&t).await;
        let person = living_in(&ctx, "lina@example.com", "CA").await;
        let mut statement = stated(BasisKind::ImpliedConsent, implied("enquiry"));
        statement.at = Some(at("2026-08-31T00:00:00Z"));
        statement.expires_at = Some(at("2099-01-01T00:00:00Z"));
        let claim = claims::record(&ctx, person.id, statement.clone()).await.unwrap();
        assert_eq!(claim.expires_at, Some(at("2027-02-28T00:00:00Z")));
        statement.expires_at = Some(at("2026-12-01T00:00:00Z"));
        let claim = claims::record(&ctx, person.id, statement.clone()).await.unwrap();
        assert_eq!(claim.expires_at, Some(at("2026-12-01T00:00:00Z")), "a shorter one is kept");
        statement.expires_at = statement.at;
        assert!(claims::record(&ctx, person.id, statement).await.is_err());
    }

    async fn every_basis_names_what_it_lacks(t: Fixture) {
        let ctx = seeded(&t).await;
        let person = living_in(&ctx, "lina@example.com", "FR").await;
        let missing = [
            (BasisKind::Consent, Evidence::default(), "evidence"),
            (BasisKind::ExpressWrittenConsent, Evidence::default(), "evidence"),
            (BasisKind::InferredConsent, Evidence::default(), "evidence"),
            (BasisKind::ImpliedConsent, Evidence::default(), "kind"),
            (BasisKind::SoftOptIn, Evidence::default(), "relationship"),
            (BasisKind::SoftOptIn, Evidence { sale_at: None, ..sale() }, "sale_at"),
            (BasisKind::LegitimateInterest, Evidence::default(), "assessment"),
        ];
        for (basis, detail, wanted) in missing {
            let problem = claims::record(&ctx, person.id, stated(basis, detail)).await.unwrap_err().problem();
            assert_eq!((problem.code, problem.detail.ends_with(wanted)), (Code::EvidenceMissing, true), "{}", problem.detail);
        }
        let future = Some(at("2030-01-01T00:00:00Z"));
        let doi = |requested_at, confirmed_at| claims::DoubleOptIn { requested_at, confirmed_at, ..Default::default() };
        let backwards = doi(Some(at("2026-05-02T00:00:00Z")), Some(at("2026-05-01T00:00:00Z")));
        let wrong = [
            (stated(BasisKind::SoftOptIn, Evidence { relationship: Some("friend".into()), ..sale() }), "detail.relationship"),
            (stated(BasisKind::ImpliedConsent, implied("gift")), "detail.kind"),
            (stated(BasisKind::Consent, Evidence { doi: Some(doi(None, future)), ..Evidence::default() }), "detail.doi"),
            (stated(BasisKind::Consent, Evidence { doi: Some(backwards), ..Evidence::default() }), "detail.doi"),
            (stated(BasisKind::Consent, Evidence { wording: Some(" ".into()), ..Evidence::default() }), "detail.wording"),
            (Stated { at: future, ..stated(BasisKind::SoftOptIn, sale()) }, "at"),
            (Stated { purpose: Purpose::new("astrology").unwrap(), ..stated(BasisKind::SoftOptIn, sale()) }, "purpose"),
            (stated(BasisKind::LegitimateInterest, Evidence { assessment: Some("LIA-7".into()), ..Evidence::default() }), "assessment"),
        ];
        for (statement, field) in wrong {
            let problem = claims::record(&ctx, person.id, statement).await.unwrap_err().problem();
            assert_eq!((problem.code, problem.fields[0].field.as_str()), (Code::InvalidInput, field));
        }
        assert_eq!(claims::list(&ctx, person.id).await.unwrap(), []);
    }

    async fn what_is_stated_is_what_the_gate_reads(t: Fixture) {
        let (ctx, gate) = (seeded(&t).await, Gate::new());
        let buyer = living_in(&ctx, "buyer@example.com", "FR").await;
        claims::record(&ctx, buyer.id, stated(BasisKind::SoftOptIn, sale())).await.unwrap();
        assert_eq!(buyer.asked(&ctx, &gate).await, "permit");
        let dissimilar = living_in(&ctx, "other@example.com", "FR").await;
        let detail = Evidence { similar_goods: None, ..sale() };
        claims::record(&ctx, dissimilar.id, stated(BasisKind::SoftOptIn, detail)).await.unwrap();
        assert_eq!(dissimilar.asked(&ctx, &gate).await, "soft_opt_in_not_similar");

        let fan = living_in(&ctx, "fan@example.com", "DE").await;
        let signed = Evidence { evidence: Some("paper form 12".into()), ..Evidence::default() };
        claims::record(&ctx, fan.id, stated(BasisKind::Consent, signed)).await.unwrap();
        assert_eq!(fan.asked(&ctx, &gate).await, "doi_missing");
        let doi = claims::DoubleOptIn { confirmed_at: Some(ctx.now()), ..Default::default() };
        let confirmed = Evidence { doi: Some(doi), ..Evidence::default() };
        claims::record(&ctx, fan.id, stated(BasisKind::Consent, confirmed)).await.unwrap();
        assert_eq!(fan.asked(&ctx, &gate).await, "permit");

        let facts = SubjectFacts {
            country: Some("FR".into()),
            recipient_type: Some(RecipientType::CorporateNamed),
            ..SubjectFacts::default()
        };
        let prospect = Person::known(&ctx, "ceo@example.com", facts).await;
        let assessment = crate::assessments::live(&ctx).await.id.to_string();
        let interest = Evidence {
            assessment: Some(assessment),
            reason: Some("runs a print shop".into()),
            provenance: Some(ctx.id()),
            art14_notice: Some(true),
            ..Evidence::default()
        };
        let unreasoned = Evidence { reason: None, ..interest.clone() };
        assert!(claims::record(&ctx, prospect.id, stated(BasisKind::LegitimateInterest, unreasoned)).await.is_err());
        claims::record(&ctx, prospect.id, stated(BasisKind::LegitimateInterest, interest)).await.unwrap();
        assert_eq!(prospect.asked(&ctx, &gate).await, "permit");
        let trail = accounts::audit::list(&ctx, None, 50).await.unwrap();
        assert_eq!(trail.iter().filter(|entry| entry.action == "basis.stated").count(), 5);
    }

    async fn a_statement_of_a_member_does_not_undo_a_withdrawal(t: Fixture) {
        let (ctx, gate) = (seeded(&t).await, Gate::new());
        let person = living_in(&ctx, "lina@example.com", "FR").await;
        let proof = || Evidence { evidence: Some("form".into()), ..Evidence::default() };
        claims::record(&ctx, person.id, stated(BasisKind::Consent, proof())).await.unwrap();
        t.clock.advance(60);
        let stop = privacy::gate::Withdrawal {
            subject: person.id,
            addresses: vec![person.address],
            scope: privacy::vocabulary::Scope::Channel(Channel::Email),
            reason: privacy::suppression::Reason::Unsubscribe,
            evidence: json!({}),
        };
        gate.withdraw(&ctx, stop).await.unwrap();
        let before = Stated { at: Some(ctx.now().plus_seconds(-30)), ..stated(BasisKind::Consent, proof()) };
        let claim = claims::record(&ctx, person.id, before).await.unwrap();
        assert_eq!(claim.state, ConsentState::Withdrawn);
        t.clock.advance(60);
        claims::record(&ctx, person.id, stated(BasisKind::Consent, proof())).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "opt_out", "the block stands until the person lifts it");
    }
}
