use kernel::{Code, Timestamp};
use privacy::assessments::{self, Assessment, Draft, Period, State};
use privacy::facts::SubjectFacts;
use privacy::gate::Gate;
use privacy::vocabulary::{BasisKind, ConsentState, Purpose, RecipientType};
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::people::{Person, state};

pub fn draft() -> Draft {
    Draft {
        name: "Letters to print shops".into(),
        purpose: Purpose::MARKETING,
        necessity: "Print shops buy paper; they cannot know us otherwise.".into(),
        balancing: "Business addresses, one message a month, relevant to the trade.".into(),
        safeguards: "Notice in every message, opt-out erases.".into(),
        recipients: vec!["mail provider".into()],
        data: vec!["business e-mail".into()],
    }
}

pub async fn live(ctx: &Ctx) -> Assessment {
    let made = assessments::create(ctx, &draft()).await.unwrap();
    assessments::approve(ctx, made.id, made.version, Period::default()).await.unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn prospect(ctx: &Ctx, email: &str, cited: &str) -> Person {
    let facts = SubjectFacts {
        country: Some("FR".into()),
        recipient_type: Some(RecipientType::CorporateNamed),
        ..SubjectFacts::default()
    };
    let person = Person::known(ctx, email, facts).await;
    let detail = json!({
        "provenance": "prv_1", "reason": "runs a print shop", "art14_notice": true,
        // What the claim itself says about its assessment must not count.
        "lia": {"id": cited, "start": "2026-01-01", "expires_at": "2099-01-01"},
    });
    let mut statement = person.statement(ConsentState::Given, ctx.now(), detail);
    statement.basis = BasisKind::LegitimateInterest;
    state(ctx, statement).await;
    person
}

async fn actions(ctx: &Ctx) -> Vec<String> {
    let mut found: Vec<String> =
        accounts::audit::list(ctx, None, 50).await.unwrap().into_iter().map(|entry| entry.action).collect();
    found.reverse();
    found.retain(|action| action.starts_with("assessment."));
    found
}

testkit::each_engine! {
    async fn a_claim_on_interest_needs_a_live_record(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let made = assessments::create(&ctx, &draft()).await.unwrap();
        let person = prospect(&ctx, "lina@example.com", &made.id.to_string()).await;
        let unknown = prospect(&ctx, "omar@example.com", "LIA-7").await;
        assert_eq!(person.asked(&ctx, &gate).await, "lia_missing");
        let live = assessments::approve(&ctx, made.id, made.version, Period::default()).await.unwrap();
        assert_eq!((live.state, live.is_live(ctx.now())), (State::Live, true));
        assert_eq!(live.reviewer, Some(ctx.actor.to_string()));
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
        assert_eq!(unknown.asked(&ctx, &gate).await, "lia_missing");

        // Another workspace's assessment is nobody else's.
        let other = t.workspace().await;
        let stranger = prospect(&other, "lina@example.com", &made.id.to_string()).await;
        assert_eq!(stranger.asked(&other, &gate).await, "lia_missing");
        assert!(assessments::get(&other, made.id).await.is_err());

        assessments::end(&ctx, made.id, live.version).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "lia_expired");
        assert_eq!(actions(&ctx).await, ["assessment.created", "assessment.approved", "assessment.ended"]);
        assert!(actions(&other).await.is_empty());
    }

    async fn an_assessment_ends_with_its_twelve_months_and_can_be_renewed(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        t.clock.set(at("2027-02-28T12:00:00Z"));
        let live = live(&ctx).await;
        assert_eq!(live.expires_at, Some(at("2028-02-28T12:00:00Z")));
        t.clock.set(at("2028-02-28T11:59:59Z"));
        let person = prospect(&ctx, "lina@example.com", &live.id.to_string()).await;
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
        t.clock.set(at("2028-02-28T12:00:00Z"));
        assert_eq!(person.asked(&ctx, &gate).await, "lia_expired");
        let purpose = Purpose::MARKETING;
        assert!(assessments::require_live(&ctx, &live.id.to_string(), &purpose).await.is_err());

        let text = Draft { balancing: "Reviewed: nobody complained.".into(), ..draft() };
        let renewed = assessments::renew(&ctx, live.id, live.version, (&text, Period::default())).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
        assert!(assessments::require_live(&ctx, &live.id.to_string(), &purpose).await.is_ok());
        let versions = assessments::versions(&ctx, live.id).await.unwrap();
        assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(versions[0].text, renewed.text);
        assert_eq!(versions[1].text, draft());
        assert_eq!((versions[1].expires_at, versions[2].expires_at), (live.expires_at, None));
        let other = Draft { purpose: Purpose::PROFILING, ..draft() };
        assert!(assessments::renew(&ctx, live.id, renewed.version, (&other, Period::default())).await.is_err());
    }

    async fn only_complete_drafts_become_live_and_only_once(t: Fixture) {
        let ctx = t.workspace().await;
        let gap = Draft { balancing: "  ".into(), ..draft() };
        let made = assessments::create(&ctx, &gap).await.unwrap();
        let refused = assessments::approve(&ctx, made.id, 1, Period::default()).await.unwrap_err().problem();
        assert_eq!((refused.code, refused.fields[0].field.as_str()), (Code::InvalidInput, "balancing"));
        let made = assessments::update(&ctx, made.id, 1, &draft()).await.unwrap();
        let stale = assessments::update(&ctx, made.id, 1, &draft()).await.unwrap_err().problem();
        assert_eq!(stale.code, Code::VersionConflict);
        let start = Some(at("2026-12-31T00:00:00Z"));
        let long = Period { start, expires_at: Some(at("2027-12-31T00:00:00.000001Z")) };
        let refused = assessments::approve(&ctx, made.id, 2, long).await.unwrap_err().problem();
        assert_eq!(refused.fields[0].field, "expires_at");
        let over = Period { start: Some(at("2025-06-01T00:00:00Z")), expires_at: None };
        assert!(assessments::approve(&ctx, made.id, 2, over).await.is_err());
        let live = assessments::approve(&ctx, made.id, 2, Period { start, expires_at: None }).await.unwrap();
        assert!(!live.is_live(ctx.now()));
        let again = assessments::approve(&ctx, made.id, 3, Period::default()).await.unwrap_err().problem();
        assert_eq!(again.code, Code::Conflict);
        assert_eq!(assessments::update(&ctx, made.id, 3, &draft()).await.unwrap_err().problem().code, Code::Conflict);
        let person = prospect(&ctx, "lina@example.com", &live.id.to_string()).await;
        assert_eq!(person.asked(&ctx, &Gate::new()).await, "basis_not_yet_valid");
        t.clock.set(at("2026-12-31T00:00:00Z"));
        assert_eq!(person.asked(&ctx, &Gate::new()).await, "permit");
        assessments::end(&ctx, made.id, 3).await.unwrap();
        assert!(assessments::end(&ctx, made.id, 4).await.is_err());
        assert!(assessments::renew(&ctx, made.id, 4, (&draft(), Period::default())).await.is_err());
        assert_eq!(assessments::list(&ctx).await.unwrap().len(), 1);
    }
}
