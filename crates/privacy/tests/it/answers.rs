//! Prepared answers, written from records.

use std::fmt::Write as _;

use kernel::{Locale, Timestamp, UserId};
use privacy::answers::{Frame, Prepared, Question, Settings, prepare};
use privacy::assessments;
use privacy::claims::Statement;
use privacy::facts::SubjectFacts;
use privacy::gate::Gate;
use privacy::provenance::{Method, Provenance, record};
use privacy::vocabulary::{BasisKind, Channel, ConsentState, Purpose};
use serde_json::json;
use store::{Actor, Ctx};
use testkit::Fixture;

use crate::people::{Person, state};

async fn source(ctx: &Ctx, provenance: Provenance) -> kernel::ProvenanceId {
    let keys = ctx.keys().await.unwrap();
    let mut batch = ctx.batch();
    let id = record(&mut batch, ctx, &keys, provenance).unwrap();
    ctx.db.apply(batch).await.unwrap();
    id
}

fn provenance(method: Method, words: &str, day: &str, detail: serde_json::Value) -> Provenance {
    let collected_on = Some(day.parse().unwrap());
    Provenance { method, source: words.into(), collected_on, parent: None, detail }
}

/// Somebody whose address was read off a pattern and checked by a tool.
async fn guessed(ctx: &Ctx) -> Person {
    let page =
        provenance(Method::PublicSource, "team page", "2026-10-01", json!({"url": "https://northwind.example/team"}));
    let page = source(ctx, page).await;
    let pattern = provenance(Method::InferredPattern, "first.last@northwind.example", "2026-10-02", json!(null));
    let pattern = source(ctx, Provenance { parent: Some(page), ..pattern }).await;
    let checked =
        provenance(Method::VerifiedByTool, "syntax and mailbox check", "2026-10-03", json!({"tool": "MailProbe 4"}));
    let checked = source(ctx, Provenance { parent: Some(pattern), ..checked }).await;
    let facts = SubjectFacts { country: Some("FR".into()), ..SubjectFacts::default() };
    Person::sourced(ctx, "lina@northwind.example", facts, json!(checked)).await
}

async fn interest(ctx: &Ctx, person: &Person, detail: serde_json::Value) {
    let draft = assessments::Draft {
        name: "Logistics leads".into(),
        purpose: Purpose::MARKETING,
        necessity: "Shippers must learn that the service exists.".into(),
        balancing: "One short message to a work address.".into(),
        safeguards: "Opt-out in every message.".into(),
        recipients: vec!["Our mail relay".into()],
        data: vec!["name and work address".into()],
    };
    let made = assessments::create(ctx, &draft).await.unwrap();
    let made = assessments::approve(ctx, made.id, made.version, assessments::Period::default()).await.unwrap();
    let mut detail = detail;
    detail["lia"] = json!({"id": made.id});
    let statement = Statement {
        subject: person.id,
        purpose: Purpose::MARKETING,
        channel: Channel::Email,
        topic: None,
        basis: BasisKind::LegitimateInterest,
        state: ConsentState::Given,
        at: ctx.now(),
        expires_at: None,
        detail,
    };
    state(ctx, statement).await;
}

fn frame() -> Frame {
    Frame {
        organisation: "Al Noor <Books>".into(),
        postal_address: "12 Harbour Street, Beirut".into(),
        stop: Some("https://post.example/u/abc".into()),
        centre: Some("https://post.example/p/abc".into()),
        settings: Settings { hosting: Some("Hetzner, Falkenstein, Germany".into()), ..Settings::default() },
    }
}

async fn told(ctx: &Ctx, person: &Person, question: Question, language: &str) -> Prepared {
    prepare(ctx, person.id, question, &language.parse::<Locale>().unwrap(), &frame()).await.unwrap()
}

testkit::each_engine! {
    async fn a_guessed_address_is_told_as_such_in_both_languages(t: Fixture) {
        let plain = t.workspace().await;
        t.clock.set("2026-11-21T10:00:00Z".parse::<Timestamp>().unwrap());
        let ctx = t.core.ctx(plain.workspace, Actor::User(plain.id::<UserId>()));
        let person = guessed(&ctx).await;
        let reason = json!({"reason": "You lead logistics at Northwind."});
        interest(&ctx, &person, reason).await;
        let mut wrong = String::new();
        for (language, right, from, what) in [
            ("en", include_str!("../data/answers/right.en.txt"), include_str!("../data/answers/source.en.txt"),
             include_str!("../data/answers/what.en.txt")),
            ("ar", include_str!("../data/answers/right.ar.txt"), include_str!("../data/answers/source.ar.txt"),
             include_str!("../data/answers/what.ar.txt")),
        ] {
            for (question, golden) in [(Question::Right, right), (Question::Source, from), (Question::What, what)] {
                let prepared = told(&ctx, &person, question, language).await;
                assert_eq!(prepared.language.as_str(), language);
                if prepared.text.trim_end() != golden.trim_end() {
                    writeln!(wrong, "==== {question}.{language}.txt\n{}", prepared.text).unwrap();
                }
                let direction = if language == "ar" { "dir=\"rtl\"" } else { "dir=\"ltr\"" };
                assert!(prepared.html.contains(direction));
                assert!(prepared.html.contains("Al Noor &lt;Books&gt;") && !prepared.html.contains("<Books>"));
                assert!(prepared.html.contains("<a href=\"https://post.example/u/abc\">"));
            }
        }
        assert!(wrong.is_empty(), "{wrong}====");
        let german = told(&ctx, &person, Question::Source, "de").await;
        assert_eq!(german.language.as_str(), "en");
    }

    async fn a_general_picture_is_described_and_nothing_else_claimed(t: Fixture) {
        let plain = t.workspace().await;
        let ctx = t.core.ctx(plain.workspace, Actor::User(plain.id::<UserId>()));
        let person = guessed(&ctx).await;
        let picture = "mid-size shippers with own warehouses";
        let profile = json!({"reason": picture, "profile": picture});
        interest(&ctx, &person, profile).await;
        let prepared = told(&ctx, &person, Question::Right, "en").await;
        assert!(prepared.text.contains("not chosen for anything we know about you personally"), "{}", prepared.text);
        assert_eq!(prepared.text.matches(picture).count(), 1, "no reason of their own is claimed: {}", prepared.text);
        let arabic = told(&ctx, &person, Question::Right, "ar").await;
        assert!(arabic.text.contains("لم نخترك بناءً على أمر نعرفه عنك شخصيًا"), "{}", arabic.text);
    }

    async fn how_long_is_said_as_the_workspace_has_it(t: Fixture) {
        let plain = t.workspace().await;
        let ctx = t.core.ctx(plain.workspace, Actor::User(plain.id::<UserId>()));
        let person = guessed(&ctx).await;
        let longer = json!({"classes": {"consent.evidence": {"period": "P7Y6M"}}});
        privacy::retention::configure(&ctx, serde_json::from_value(longer).unwrap()).await.unwrap();
        interest(&ctx, &person, json!({"reason": "runs a yard"})).await;
        let english = told(&ctx, &person, Question::What, "en").await;
        assert!(english.text.contains("requests fulfilled: 7 years and 6 months, sealed"), "{}", english.text);
        let arabic = told(&ctx, &person, Question::What, "ar").await;
        assert!(arabic.text.contains("لمدة 7 سنوات و6 أشهر، مختومًا"), "{}", arabic.text);
    }

    async fn without_a_basis_the_answer_says_so_and_the_erased_get_none(t: Fixture) {
        let ctx = t.workspace().await;
        let person = Person::german(&ctx, "omar@example.org").await;
        let prepared = told(&ctx, &person, Question::Right, "en").await;
        assert!(prepared.text.contains("nothing on record that allows us"), "{}", prepared.text);
        privacy::erasure::erase(&ctx, &Gate::new(), person.id).await.unwrap();
        assert!(prepare(&ctx, person.id, Question::What, &Locale::en(), &frame()).await.is_err());
    }
}
