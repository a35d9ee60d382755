use kernel::Email;
use people::contacts;
use people::import::Basis;
use people::subscribe::{Leave, unsubscribe};
use privacy::assessments::{self, Assessment};
use privacy::gate::{Ask, ContentMeta, Gate};
use privacy::suppression;
use privacy::vocabulary::{Channel, Purpose};
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::imports::{begin, import, settings};
use crate::topic;

/// What the gate says about advertising to an address: `permit`, or the reason of its denial.
async fn verdict(ctx: &Ctx, gate: &Gate, topic: kernel::TopicId, address: &str) -> String {
    let email = Email::parse(address).unwrap();
    let keys = ctx.keys().await.unwrap();
    let ask = Ask {
        subject: contacts::by_email(ctx, &email).await.unwrap().unwrap(),
        address: suppression::email_hash(&keys, &email),
        domain: suppression::domain_hash(&keys, &email),
        channel: Channel::Email,
        purpose: Purpose::MARKETING,
        topic: Some(topic),
        content: ContentMeta { hash: [1; 32], missing: Vec::new(), promotional: true },
        sender_verified: true,
    };
    match gate.preview(ctx, vec![ask]).await.unwrap().remove(0) {
        Ok(_) => "permit".to_owned(),
        Err(denial) => denial.reason,
    }
}

async fn drafted(ctx: &Ctx) -> Assessment {
    let draft = assessments::Draft {
        name: "Letters to post offices".into(),
        purpose: Purpose::MARKETING,
        necessity: "They cannot know of us otherwise".into(),
        balancing: "Business addresses, relevant to the trade".into(),
        safeguards: "Notice and opt-out in every message".into(),
        recipients: Vec::new(),
        data: vec!["business e-mail".into()],
    };
    assessments::create(ctx, &draft).await.unwrap()
}

async fn assessed(ctx: &Ctx) -> kernel::AssessmentId {
    let made = drafted(ctx).await;
    assessments::approve(ctx, made.id, made.version, assessments::Period::default()).await.unwrap().id
}

testkit::each_engine! {
    async fn an_import_on_interest_cites_an_assessment_that_is_live(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let news = topic(&ctx, "News", false).await;
        let file = b"email,country,recipient type\nceo@example.co.uk,GB,corporate_named\n";
        let refused = |cited: String| {
            let mut interest = settings(news, Basis::LegitimateInterest);
            (interest.origin.assessment, interest.origin.reason) = (Some(cited), Some("runs a post office".into()));
            let ctx = &ctx;
            async move { begin(ctx, file, interest).await.unwrap_err().problem().detail }
        };
        assert!(refused("LIA-7".into()).await.contains("not the id of an assessment"));
        let stranger = assessed(&t.workspace().await).await;
        assert!(refused(stranger.to_string()).await.contains("no such assessment"));
        let draft = drafted(&ctx).await;
        assert!(refused(draft.id.to_string()).await.contains("draft"));
        let ended = assessed(&ctx).await;
        assessments::end(&ctx, ended, 2).await.unwrap();
        assert!(refused(ended.to_string()).await.contains("ended"));

        // Row by row: whoever cites no live assessment is imported, and not written to.
        let live = assessed(&ctx).await;
        let file = format!(
            "email,country,recipient type,reason,assessment id\na@example.co.uk,GB,corporate_named,trade,{live}\n\
             b@example.co.uk,GB,corporate_named,trade,{ended}\n"
        );
        let report = import(&ctx, file.as_bytes(), settings(news, Basis::LegitimateInterest)).await;
        assert_eq!((report.added, report.without_basis), (2, 1));
        assert_eq!(verdict(&ctx, &gate, news, "a@example.co.uk").await, "permit");
        assert_eq!(verdict(&ctx, &gate, news, "b@example.co.uk").await, "no_basis");
        t.clock.advance(366 * 86_400);
        assert_eq!(verdict(&ctx, &gate, news, "a@example.co.uk").await, "lia_expired");
    }

    async fn imported_evidence_is_what_the_gate_asks_for(t: Fixture) {
        let (ctx, gate) = (t.workspace().await, Gate::new());
        let news = topic(&ctx, "News", false).await;
        let says = async |address: &str| verdict(&ctx, &gate, news, address).await;

        let file = b"email,country,consent time\nsa@example.com,SA,2026-01-02\nde@example.com,DE,2026-01-02\nwho@example.com,,\n";
        import(&ctx, file, settings(news, Basis::Consent)).await;
        assert_eq!(says("sa@example.com").await, "permit");
        assert_eq!(says("de@example.com").await, "doi_missing");
        assert_eq!(says("who@example.com").await, "doi_missing");

        let file = b"email,country,consent time,confirmed at\nde@example.com,DE,2026-01-02,2026-01-03 10:00\n";
        let report = import(&ctx, file, settings(news, Basis::ConsentDoi)).await;
        assert_eq!(report.updated, 1);
        assert_eq!(says("de@example.com").await, "permit");

        let file = b"email,country,sale date\nbuyer@example.com,DE,2026-08-01\nnone@example.com,DE,\n";
        import(&ctx, file, settings(news, Basis::SoftOptIn)).await;
        assert_eq!(says("buyer@example.com").await, "permit");
        assert_ne!(says("none@example.com").await, "permit");

        let mut interest = settings(news, Basis::LegitimateInterest);
        interest.origin.assessment = Some(assessed(&ctx).await.to_string());
        let file = b"email,country,recipient type,reason\nceo@example.co.uk,UK,corporate_named,runs a post office\n";
        import(&ctx, file, interest).await;
        assert_eq!(says("ceo@example.co.uk").await, "permit");

        import(&ctx, b"email,country\nclient@example.com,SA\n", settings(news, Basis::Contract)).await;
        assert_ne!(says("client@example.com").await, "permit");

        t.clock.advance(60);
        let contact = contacts::find(&ctx, "sa@example.com").await.unwrap().unwrap();
        unsubscribe(&ctx, &gate, contact, Leave::Topic(news), json!({})).await.unwrap();
        assert_ne!(says("sa@example.com").await, "permit");
    }
}
