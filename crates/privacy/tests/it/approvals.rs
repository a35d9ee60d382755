use kernel::Code;
use privacy::approvals::{self, Answer, Draft, Filing, SendingApproval, State};
use privacy::facts::SubjectFacts;
use privacy::gate::{self, Gate, Settings};
use privacy::rules::Country;
use privacy::vocabulary::{BasisKind, Channel, ConsentState};
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::people::{Person, state, verdict};

fn draft(country: &str, channel: Channel) -> Draft {
    let filing = Filing {
        goal: "Reminders of offers to customers who asked for them".into(),
        samples: vec!["Barid Shop: 10 % off today. Reply STOP to end, HELP for help.".into()],
        documents: vec!["opt-in form.pdf".into()],
    };
    Draft { country: Country::read(country).unwrap(), channel, filing }
}

async fn granted(ctx: &Ctx, country: &str, channel: Channel, answer: &Answer) -> SendingApproval {
    let made = approvals::create(ctx, &draft(country, channel)).await.unwrap();
    let filed = approvals::submit(ctx, made.id, made.version, &Answer::default()).await.unwrap();
    approvals::approve(ctx, filed.id, filed.version, answer).await.unwrap()
}

/// Somebody in this country who gave written consent to text messages.
async fn texted(ctx: &Ctx, email: &str, country: &str) -> Person {
    let facts = SubjectFacts {
        country: Some(country.into()),
        time_zones: vec!["America/New_York".into()],
        ..SubjectFacts::default()
    };
    let person = Person::known(ctx, email, facts).await;
    let mut statement = person.statement(ConsentState::Given, ctx.now(), json!({"source": "form"}));
    statement.basis = BasisKind::ExpressWrittenConsent;
    statement.channel = Channel::Sms;
    state(ctx, statement).await;
    person
}

async fn by_text(ctx: &Ctx, gate: &Gate, person: &Person) -> String {
    let mut ask = person.ask();
    ask.channel = Channel::Sms;
    verdict(ctx, gate, ask).await
}

testkit::each_engine! {
    async fn a_country_that_asks_for_approval_gets_nothing_without_its_own(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        // A Friday, 10:00 in New York.
        t.clock.set("2026-11-20T15:00:00Z".parse().unwrap());
        let person = texted(&ctx, "lina@example.com", "US").await;
        assert_eq!(by_text(&ctx, &gate, &person).await, "country_approval_missing");
        granted(&ctx, "MY", Channel::Sms, &Answer::default()).await;
        granted(&ctx, "US", Channel::Voice, &Answer::default()).await;
        assert_eq!(by_text(&ctx, &gate, &person).await, "country_approval_missing");
        let other = t.workspace().await;
        granted(&other, "US", Channel::Sms, &Answer::default()).await;
        assert_eq!(by_text(&ctx, &gate, &person).await, "country_approval_missing");

        let made = approvals::create(&ctx, &draft("US", Channel::Sms)).await.unwrap();
        assert_eq!(by_text(&ctx, &gate, &person).await, "country_approval_missing");
        let filed = Answer { reference: Some("BRAND-1".into()), ..Answer::default() };
        let made = approvals::submit(&ctx, made.id, made.version, &filed).await.unwrap();
        assert_eq!(by_text(&ctx, &gate, &person).await, "country_approval_missing");
        let end = "2026-11-27T15:00:00Z".parse().unwrap();
        let answer = Answer { expires_at: Some(end), ..Answer::default() };
        let made = approvals::approve(&ctx, made.id, made.version, &answer).await.unwrap();
        assert_eq!(made.reference.as_deref(), Some("BRAND-1"));
        assert_eq!(by_text(&ctx, &gate, &person).await, "permit");

        // Half-open: at its end it holds no longer, whether the job has run or not.
        t.clock.set(end);
        assert!(!made.is_granted(ctx.now()));
        assert_eq!(by_text(&ctx, &gate, &person).await, "country_approval_missing");
        assert_eq!(approvals::expire_due(&ctx, ctx.now()).await.unwrap(), 1);
        assert_eq!(approvals::expire_due(&ctx, ctx.now()).await.unwrap(), 0);
        assert_eq!(approvals::get(&ctx, made.id).await.unwrap().state, State::Expired);
        let trail = accounts::audit::list(&ctx, None, 50).await.unwrap();
        let of_this = |entry: &&accounts::audit::Entry| entry.objects == [made.id.to_string()];
        let actions: Vec<&str> = trail.iter().rev().filter(of_this).map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["approval.created", "approval.submitted", "approval.approved", "approval.expired"]);
    }

    async fn filing_is_a_disclosure_to_whoever_decides(t: Fixture) {
        let ctx = t.workspace().await;
        let made = approvals::create(&ctx, &draft("MY", Channel::Sms)).await.unwrap();
        assert_eq!(privacy::disclosures::general(&ctx).await.unwrap(), []);
        let filed = Answer { filed_with: Some("MCMC".into()), ..Answer::default() };
        approvals::submit(&ctx, made.id, made.version, &filed).await.unwrap();
        let told = privacy::disclosures::general(&ctx).await.unwrap();
        assert_eq!((told.len(), told[0].recipient.as_str()), (1, "MCMC"));
        assert_eq!(told[0].reference, Some(made.id.to_string()));
        // What was not filed after all (somebody was faster) is no disclosure.
        assert!(approvals::submit(&ctx, made.id, made.version, &filed).await.is_err());
        assert_eq!(privacy::disclosures::general(&ctx).await.unwrap()[0].times, 1);
    }

    async fn an_approval_taken_back_stops_sending(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        t.clock.set("2026-11-20T15:00:00Z".parse().unwrap());
        let person = texted(&ctx, "lina@example.com", "US").await;
        let made = granted(&ctx, "US", Channel::Sms, &Answer::default()).await;
        assert_eq!(by_text(&ctx, &gate, &person).await, "permit");
        let made = approvals::reject(&ctx, made.id, made.version, &Answer::default()).await.unwrap();
        assert_eq!(made.state, State::Rejected);
        assert_eq!(by_text(&ctx, &gate, &person).await, "country_approval_missing");
    }

    async fn a_workspace_may_want_approvals_for_mail_too(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let facts = SubjectFacts { country: Some("DK".into()), ..SubjectFacts::default() };
        let person = Person::known(&ctx, "lina@example.com", facts).await;
        state(&ctx, person.consent(ctx.now())).await;
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
        let wide = Settings { approvals_required_on: Some(vec![Channel::Email]), ..Settings::default() };
        gate::configure(&ctx, &wide).await.unwrap();
        assert_eq!(person.asked(&ctx, &gate).await, "country_approval_missing");
        granted(&ctx, "DK", Channel::Email, &Answer::default()).await;
        assert_eq!(person.asked(&ctx, &gate).await, "permit");
    }

    async fn states_follow_each_other_and_nothing_is_skipped(t: Fixture) {
        let ctx = t.workspace().await;
        let made = approvals::create(&ctx, &draft("CA", Channel::Sms)).await.unwrap();
        let none = Answer::default();
        for skipped in [
            approvals::approve(&ctx, made.id, made.version, &none).await,
            approvals::reject(&ctx, made.id, made.version, &none).await,
        ] {
            assert_eq!(skipped.unwrap_err().problem().code, Code::Conflict);
        }
        let empty = Draft { filing: Filing { samples: vec![], ..draft("CA", Channel::Sms).filing }, ..draft("CA", Channel::Sms) };
        let refused = approvals::update(&ctx, made.id, made.version, &empty).await.unwrap_err().problem();
        assert_eq!(refused.fields[0].field, "samples");
        let made = approvals::update(&ctx, made.id, made.version, &draft("CA", Channel::Voice)).await.unwrap();
        assert_eq!(made.channel, Channel::Voice);
        let future = Answer { at: Some("2099-01-01T00:00:00Z".parse().unwrap()), ..Answer::default() };
        assert!(approvals::submit(&ctx, made.id, made.version, &future).await.is_err());
        let stale = approvals::submit(&ctx, made.id, made.version - 1, &none).await.unwrap_err().problem();
        assert_eq!(stale.code, Code::VersionConflict);
        let made = approvals::submit(&ctx, made.id, made.version, &none).await.unwrap();
        let made = approvals::reject(&ctx, made.id, made.version, &none).await.unwrap();
        assert_eq!(approvals::submit(&ctx, made.id, made.version, &none).await.unwrap_err().problem().code, Code::Conflict);
        assert_eq!(approvals::list(&ctx).await.unwrap(), [made]);
    }
}
