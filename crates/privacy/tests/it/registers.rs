//! Notices told, purposes, documents, the controller, the self-assessment.

use kernel::Locale;
use privacy::announcements::{self, Audience};
use privacy::assurance::{self, Outcome};
use privacy::controller::{self, Controller, Hosting, Party};
use privacy::documents::{self, Draft, Kind};
use privacy::notices::{self, Edition, SegmentKind, TemplateAudience};
use privacy::purposes::review::{self, Relationship};
use privacy::purposes::{self, LawfulBasis, NewPurpose};
use privacy::vocabulary::ConsentState;
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use crate::people::{Person, state};

async fn told(ctx: &Ctx) -> Vec<(String, Audience)> {
    let mut all = announcements::list(ctx, None, 100).await.unwrap();
    all.reverse();
    all.into_iter().map(|one| (one.kind, one.audience)).collect()
}

testkit::each_engine! {
    async fn a_material_change_is_told_once(t: Fixture) {
        let ctx = t.workspace().await;
        let publish = |en: &'static str, ar: &'static str, reconsent| {
            let ctx = ctx.clone();
            async move {
                let texts = [(Locale::en(), en), (Locale::ar(), ar)];
                let edition = Edition { notice: "privacy", texts: &texts, material: true, reconsent };
                notices::publish_all(&ctx, edition).await.unwrap()
            }
        };
        let first = publish("We keep it.", "نحفظه.", false).await;
        assert_eq!(first.iter().map(|one| one.version).collect::<Vec<_>>(), [1, 1]);
        publish("We keep it.", "نحفظه.", false).await;
        assert_eq!(told(&ctx).await, [("notice_changed".to_owned(), Audience::Members)], "one letter, not two");
        let second = publish("We keep it. We analyse it.", "نحفظه. نحلله.", true).await;
        assert!(second.iter().all(|one| one.reconsent && one.version == 2));
        assert_eq!(told(&ctx).await.len(), 3);
        assert_eq!(told(&ctx).await[2], ("purposes_changed".to_owned(), Audience::Consenting));
        let heads = notices::heads(&ctx).await.unwrap();
        assert_eq!(heads.iter().map(|one| (one.language.as_str(), one.version)).collect::<Vec<_>>(), [("ar", 2), ("en", 2)]);
        let segments = notices::diff(&first[0].body, &second[0].body);
        assert!(segments.iter().any(|one| one.kind == SegmentKind::Added && one.text.contains("analyse")));
        let old = notices::get(&ctx, first[0].id).await.unwrap();
        assert_eq!((old.body.as_str(), old.hash.as_str()), ("We keep it.", first[0].hash.as_str()));
    }

    async fn whose_consent_names_the_notice_is_known(t: Fixture) {
        let ctx = t.workspace().await;
        let texts = [(Locale::en(), "We keep it.")];
        let edition = Edition { notice: "privacy", texts: &texts, material: false, reconsent: false };
        let shown = notices::publish_all(&ctx, edition).await.unwrap().remove(0);
        let (asked, other, gone) = (Person::german(&ctx, "a@example.com").await, Person::german(&ctx, "b@example.com").await, Person::german(&ctx, "c@example.com").await);
        let detail = json!({ "source": "form", "notice": shown.id });
        state(&ctx, asked.statement(ConsentState::Given, ctx.now(), detail.clone())).await;
        state(&ctx, other.statement(ConsentState::Given, ctx.now(), json!({ "source": "form" }))).await;
        state(&ctx, gone.statement(ConsentState::Given, ctx.now(), detail)).await;
        t.clock.advance(60);
        state(&ctx, gone.statement(ConsentState::Withdrawn, ctx.now(), json!({}))).await;
        let found = announcements::consenting(&ctx, "privacy", kernel::ContactId([0; 16]), 10).await.unwrap();
        let named: Vec<_> = found.iter().filter(|(_, names)| *names).map(|(id, _)| *id).collect();
        assert_eq!((found.len(), named), (2, vec![asked.id]));
    }

    async fn templates_print_where_data_live(t: Fixture) {
        let ctx = t.workspace().await;
        for audience in TemplateAudience::ALL {
            let (en, ar) = (notices::template(&ctx, *audience, "en").await.unwrap(), notices::template(&ctx, *audience, "ar").await.unwrap());
            assert!(!en.contains('{') && !ar.contains('{') && ar.contains("حقوقك"), "{en}");
            assert_ne!(notices::readability(&en).level, notices::Level::Hard);
        }
        let place = |place: &str| Hosting { what: "database".into(), place: place.into() };
        let dpo = Party { name: "Ms Haddad".into(), email: "dpo@example.org".into(), ..Party::default() };
        let mut profile = Controller { hosting: vec![place("Falkenstein, Germany")], dpo: Some(dpo), ..Controller::default() };
        controller::set(&ctx, profile.clone()).await.unwrap();
        let text = notices::template(&ctx, TemplateAudience::Contacts, "en").await.unwrap();
        assert!(text.contains("database: Falkenstein, Germany") && text.contains("dpo@example.org"), "{text}");
        profile.hosting = vec![place("Doha, Qatar")];
        let saved = controller::set(&ctx, profile.clone()).await.unwrap();
        assert_eq!(saved.version, 2);
        assert!(notices::template(&ctx, TemplateAudience::Contacts, "en").await.unwrap().contains("Doha"));
        profile.dpo = Some(Party { email: "nobody".into(), ..Party::default() });
        assert!(controller::set(&ctx, profile).await.is_err());
    }

    async fn the_catalogue_has_twelve_purposes_and_five_of_messages(t: Fixture) {
        let ctx = t.workspace().await;
        let all = purposes::catalogue(&ctx).await.unwrap();
        assert_eq!(all.len(), 17);
        for entry in &all {
            assert!(entry.concept.starts_with("dpv:") && !entry.retention.is_empty(), "{}", entry.code);
            entry.basis.parse::<LawfulBasis>().unwrap();
        }
        let new = NewPurpose { code: "research".parse().unwrap(), name: "Research".into(), concept: "dpv:ResearchAndDevelopment".into(),
            retention: "comms.content".into(), basis: LawfulBasis::Consent };
        purposes::add(&ctx, new.clone()).await.unwrap();
        assert!(purposes::add(&ctx, new.clone()).await.is_err());
        assert!(purposes::add(&ctx, NewPurpose { concept: "research".into(), ..new }).await.is_err());
        assert_eq!(purposes::catalogue(&ctx).await.unwrap().len(), 18);
    }

    async fn a_new_relationship_opens_a_review(t: Fixture) {
        let ctx = t.workspace().await;
        let person = Person::german(&ctx, "sara@example.com").await;
        let same = review::transition(&ctx, person.id, Relationship::Lead, Relationship::Lead).await;
        assert!(same.is_err());
        let opened = review::transition(&ctx, person.id, Relationship::Lead, Relationship::Customer).await.unwrap();
        assert_eq!(review::waiting(&ctx, None, 10).await.unwrap(), opened);
        review::close(&ctx, opened[0].id).await.unwrap();
        assert!(review::close(&ctx, opened[0].id).await.is_err());
        assert!(review::waiting(&ctx, None, 10).await.unwrap().is_empty());
    }

    async fn documents_remind_before_and_after_their_end(t: Fixture) {
        let ctx = t.workspace().await;
        let draft = Draft { kind: Kind::Iso, title: "ISO 27001".into(), processor: None, valid_from: Some("2024-01-01".parse().unwrap()),
            expires_on: Some("2026-12-31".parse().unwrap()), remind_days: None, place: "safe".into(), note: String::new() };
        let document = documents::create(&ctx, draft.clone()).await.unwrap();
        assert_eq!((document.state, documents::remind(&ctx).await.unwrap()), ("valid", 0));
        t.clock.set("2026-12-01T09:00:00Z".parse().unwrap());
        assert_eq!((documents::remind(&ctx).await.unwrap(), documents::remind(&ctx).await.unwrap()), (1, 0));
        t.clock.set("2027-01-01T09:00:00Z".parse().unwrap());
        assert_eq!((documents::remind(&ctx).await.unwrap(), documents::remind(&ctx).await.unwrap()), (1, 0));
        assert_eq!(told(&ctx).await.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["document_expiring", "document_expired"]);
        assert!(told(&ctx).await.iter().all(|one| one.1 == Audience::Officers));
        documents::update(&ctx, document.id, Draft { expires_on: Some("2030-12-31".parse().unwrap()), ..draft.clone() }).await.unwrap();
        assert_eq!(documents::get(&ctx, document.id).await.unwrap().state, "valid");
        assert!(documents::create(&ctx, Draft { expires_on: Some("2020-01-01".parse().unwrap()), ..draft }).await.is_err());
        documents::retire(&ctx, document.id).await.unwrap();
        assert!(documents::retire(&ctx, document.id).await.is_err());
    }

    async fn the_assessment_is_made_of_live_checks(t: Fixture) {
        let ctx = t.workspace().await;
        let of = |checks: &[assurance::Check], name: &str| checks.iter().find(|one| one.check == name).unwrap().outcome;
        let checks = assurance::assess(&ctx).await.unwrap();
        assert_eq!((of(&checks, "data_map"), of(&checks, "incidents"), of(&checks, "controller")), (Outcome::Ok, Outcome::Ok, Outcome::Warn));
        let details = privacy::incidents::Details { title: "x".into(), ..Default::default() };
        privacy::incidents::create(&ctx, privacy::incidents::Kind::Breach, None, details).await.unwrap();
        assert_eq!(of(&assurance::assess(&ctx).await.unwrap(), "incidents"), Outcome::Warn);
        t.clock.advance(400 * 86_400);
        let checks = assurance::assess(&ctx).await.unwrap();
        assert_eq!((of(&checks, "incidents"), of(&checks, "rule_pack")), (Outcome::Fail, Outcome::Warn));
    }

    async fn the_assessment_sees_late_requests_overdue_rows_and_old_backups(t: Fixture) {
        let ctx = t.workspace().await;
        let of = async |name: &str| assurance::assess(&ctx).await.unwrap().into_iter().find(|one| one.check == name).unwrap().outcome;
        for (name, wanted) in [("data_requests", Outcome::Ok), ("retention", Outcome::Ok), ("backup", Outcome::Unknown)] {
            assert_eq!(of(name).await, wanted, "{name}");
        }
        let mut batch = ctx.batch();
        accounts::audit::record(&mut batch, &ctx, "backup.taken", &[&ctx.workspace]);
        ctx.db.apply(batch).await.unwrap();
        assert_eq!(of("backup").await, Outcome::Ok);
        let person = crate::people::Person::german(&ctx, "lina@example.com").await;
        let asked = privacy::requests::New {
            kind: privacy::requests::RequestKind::Access,
            via: privacy::requests::Via::Dashboard,
            subject: Some(person.id),
            child: false,
            received_at: ctx.now(),
            content: privacy::requests::Content::default(),
        };
        privacy::requests::open(&ctx, asked).await.unwrap();
        t.clock.advance(8 * 86_400);
        assert_eq!((of("backup").await, of("data_requests").await), (Outcome::Warn, Outcome::Ok));
        t.clock.advance(32 * 86_400);
        assert_eq!(of("data_requests").await, Outcome::Fail);

        // The entry of the trail is due after two years; the job has a day for it.
        t.clock.advance(800 * 86_400);
        assert_eq!(of("retention").await, Outcome::Fail);
        privacy::retention::run(&ctx, privacy::retention::Mode::Real, 10_000).await.unwrap();
        let left = privacy::retention::overdue(&ctx).await.unwrap();
        assert!(left.iter().all(|(_, table)| *table == "contact"), "{left:?}");
    }

    async fn where_the_server_stands_is_told_unless_the_workspace_says_otherwise(t: Fixture) {
        let mut ctx = t.workspace().await;
        assert!(privacy::controller::get(&ctx).await.unwrap().lacks().contains(&"hosting"));
        ctx.core = ctx.core.standing_in(Some("Amman, Jordan"));
        let told = privacy::controller::get(&ctx).await.unwrap();
        assert_eq!(told.hosting.iter().map(|place| place.place.as_str()).collect::<Vec<_>>(), ["Amman, Jordan"]);
        assert!(!told.lacks().contains(&"hosting"));
        let own = privacy::controller::Hosting { what: "database".into(), place: "Lyon, France".into() };
        privacy::controller::set(&ctx, privacy::controller::Controller { hosting: vec![own.clone()], ..told }).await.unwrap();
        assert_eq!(privacy::controller::get(&ctx).await.unwrap().hosting, [own]);
    }
}
