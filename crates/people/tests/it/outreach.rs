//! Hygiene, unused fields, enrichment, bought lists, partners: data are kept and passed on only as told.

use std::sync::Arc;

use accounts::audit;
use kernel::{Code, ContactId};
use people::contacts::{self, Draft, Enrichment, Standard};
use people::export::partner::{self, Partner};
use people::hygiene::{self, Policy};
use people::import::Basis;
use people::import::job::{self, Imports, Purchase, Upload};
use people::reads::{self, Reader};
use people::segments::live::Live;
use people::{fields, unused};
use privacy::gate::{Gate, Withdrawal};
use privacy::notices;
use privacy::provenance::{Method, Page};
use privacy::vocabulary::{BasisKind, Scope};
use privacy::{art14, assessments, suppression};
use serde_json::json;
use store::Ctx;
use store::jobs::{self, Handler};
use testkit::Fixture;

use crate::imports::{import, settings};
use crate::{origin, person, topic};

const DAY: i64 = 86_400;

pub(crate) async fn lia(ctx: &Ctx) -> String {
    let draft = assessments::Draft {
        name: "Cranes".to_owned(),
        purpose: privacy::vocabulary::Purpose::MARKETING,
        necessity: "They cannot know of us otherwise".to_owned(),
        balancing: "Business addresses only".to_owned(),
        safeguards: "Notice and opt-out".to_owned(),
        recipients: Vec::new(),
        data: vec!["business e-mail".to_owned()],
    };
    let made = assessments::create(ctx, &draft).await.unwrap();
    assessments::approve(ctx, made.id, made.version, assessments::Period::default()).await.unwrap().id.to_string()
}

async fn prospects(ctx: &Ctx, lia: &str, file: &str) {
    let known = people::topics::by_name(ctx, "Cold").await.unwrap();
    let news = match known {
        Some(known) => known.id,
        None => topic(ctx, "Cold", false).await,
    };
    let mut told = settings(news, Basis::LegitimateInterest);
    told.origin.collected_on = ctx.now().date();
    told.origin.assessment = Some(lia.to_owned());
    told.origin.reason = Some("They run cranes".to_owned());
    import(ctx, file.as_bytes(), told).await;
}

async fn found(ctx: &Ctx, address: &str) -> Option<ContactId> {
    contacts::find(ctx, address).await.unwrap()
}

async fn erase_due(ctx: &Ctx, gate: &Gate) {
    let handler: Arc<dyn Handler> = Arc::new(gate.erasure_jobs());
    jobs::drain(&ctx.core, &[handler]).await.unwrap();
}

fn enrichment(lia: &str, company: &str) -> Enrichment {
    Enrichment {
        draft: Draft { values: [(Standard::Company, company.to_owned())].into(), ..Draft::default() },
        method: Method::Enrichment,
        source: "Company register of Lyon".to_owned(),
        licence: "Licence Ouverte 2.0".to_owned(),
        basis: BasisKind::LegitimateInterest,
        assessment: Some(lia.to_owned()),
        page: Page { url: Some("https://register.example/grues".to_owned()), ..Page::default() },
        collected_on: None,
    }
}

testkit::each_engine! {
    async fn prospects_go_when_their_time_is_over_and_stay_gone(t: Fixture) {
        let ctx = t.workspace().await;
        let (gate, lia) = (Gate::new(), lia(&ctx).await);
        prospects(&ctx, &lia, "email,country\nold@example.com,FR\n").await;
        let customer = contacts::create(&ctx, person("customer@example.com", "Lina"), &origin()).await.unwrap();
        t.clock.advance(300 * DAY);
        prospects(&ctx, &lia, "email,country\nnew@example.com,FR\n").await;
        // The dry run counts and touches nobody.
        let run = hygiene::run(&ctx, true).await.unwrap();
        assert_eq!((run.report.prospects, run.report.erased.len()), (2, 0), "{run:?}");
        t.clock.advance(100 * DAY);
        let run = hygiene::run(&ctx, true).await.unwrap();
        assert_eq!(run.report.erased["lead_too_old"], 1);
        erase_due(&ctx, &gate).await;
        assert!(found(&ctx, "old@example.com").await.is_some());
        let run = hygiene::run(&ctx, false).await.unwrap();
        assert_eq!((run.report.erased["lead_too_old"], run.dry_run), (1, false));
        erase_due(&ctx, &gate).await;
        assert!(found(&ctx, "old@example.com").await.is_none() && found(&ctx, "new@example.com").await.is_some());
        assert!(contacts::get(&ctx, people::ReadFor::Work, customer).await.is_ok());
        // Who did the clean-up, and to whom, stands in the trail.
        let trail = audit::list(&ctx, None, 50).await.unwrap();
        let erased = trail.iter().find(|entry| entry.action == "hygiene.erased").unwrap();
        assert_eq!(erased.actor, ctx.actor.to_string());
        assert_eq!(erased.objects[1], "lead_too_old");
        // The file comes again; the person does not.
        let renewed = self::lia(&ctx).await;
        prospects(&ctx, &renewed, "email,country\nold@example.com,FR\n").await;
        assert!(found(&ctx, "old@example.com").await.is_none());
    }

    async fn prospects_whose_address_is_dead_go_at_once(t: Fixture) {
        let ctx = t.workspace().await;
        let (gate, lia) = (Gate::new(), lia(&ctx).await);
        prospects(&ctx, &lia, "email,country\ndead@example.com,FR\nlive@example.com,FR\n").await;
        let dead = found(&ctx, "dead@example.com").await.unwrap();
        let keys = ctx.keys().await.unwrap();
        let bounced = Withdrawal {
            subject: dead,
            addresses: vec![suppression::email_hash(&keys, &"dead@example.com".parse().unwrap())],
            scope: Scope::Address,
            reason: suppression::Reason::HardBounce,
            evidence: json!({"class": "hard_address"}),
        };
        gate.withdraw(&ctx, bounced).await.unwrap();
        let run = hygiene::run(&ctx, false).await.unwrap();
        assert_eq!(run.report.erased, [("dead_address".to_owned(), 1)].into());
        erase_due(&ctx, &gate).await;
        assert!(found(&ctx, "dead@example.com").await.is_none() && found(&ctx, "live@example.com").await.is_some());
    }

    async fn the_night_runs_once_and_periods_have_bounds(t: Fixture) {
        let ctx = t.core.ctx(t.workspace().await.workspace, store::Actor::System);
        assert!(hygiene::nightly(&ctx).await.unwrap().is_some());
        assert!(hygiene::nightly(&ctx).await.unwrap().is_none());
        t.clock.advance(DAY);
        assert!(hygiene::nightly(&ctx).await.unwrap().is_some());
        assert_eq!(hygiene::runs(&ctx, None, 10).await.unwrap().len(), 2);
        let shorter = Policy { quiet_days: 30, ..Policy::default() };
        assert_eq!(hygiene::set_policy(&ctx, shorter).await.unwrap(), hygiene::policy(&ctx).await.unwrap());
        let longer = Policy { enriched_days: 31, ..Policy::default() };
        let refused = hygiene::set_policy(&ctx, longer).await.unwrap_err().problem();
        assert_eq!(refused.fields[0].field, "enriched_days");
    }

    async fn enriched_values_have_an_origin_a_duty_and_thirty_days(t: Fixture) {
        let ctx = t.workspace().await;
        let (gate, lia) = (Gate::new(), lia(&ctx).await);
        let claire = contacts::create(&ctx, person("claire@example.com", "Claire"), &origin()).await.unwrap();
        for (field, wrong) in [
            ("source", Enrichment { source: " ".to_owned(), ..enrichment(&lia, "Grues") }),
            ("licence", Enrichment { licence: String::new(), ..enrichment(&lia, "Grues") }),
            ("basis", Enrichment { basis: BasisKind::SubjectRequest, ..enrichment(&lia, "Grues") }),
            ("assessment", Enrichment { assessment: None, ..enrichment(&lia, "Grues") }),
            ("method", Enrichment { method: Method::Given, ..enrichment(&lia, "Grues") }),
            ("values", Enrichment { draft: Draft::default(), ..enrichment(&lia, "Grues") }),
        ] {
            let refused = contacts::enrich(&ctx, claire, wrong).await.unwrap_err().problem();
            assert_eq!(refused.fields.first().map(|one| one.field.as_str()), Some(field), "{refused:?}");
        }
        assert!(contacts::get(&ctx, people::ReadFor::Work, claire).await.unwrap().loaded.profile.value(Standard::Company).is_none());
        let done = contacts::enrich(&ctx, claire, enrichment(&lia, "Grues SA")).await.unwrap();
        assert_eq!((done.added, done.kept.len()), (vec!["company".to_owned()], 0));
        let duty = done.notice.unwrap();
        assert_eq!((duty.due_at, duty.told_at), (art14::due(ctx.now()), None));
        // What is there stays, and the answer says where each value is from.
        let again = contacts::enrich(&ctx, claire, enrichment(&lia, "Other")).await.unwrap();
        assert_eq!((again.added.len(), again.kept), (0, vec!["company".to_owned()]));
        let answer = json!(privacy::answer::answer(&ctx, claire).await.unwrap()).to_string();
        for told in ["Company register of Lyon", "Licence Ouverte 2.0", "https://register.example/grues", "enrichment"] {
            assert!(answer.contains(told), "{told}: {answer}");
        }
        // A customer keeps what was enriched; a lead goes after thirty days.
        let customer = contacts::create(&ctx, person("customer@example.com", "Lina"), &origin()).await.unwrap();
        contacts::enrich(&ctx, customer, enrichment(&lia, "Lina & Co")).await.unwrap();
        consent(&ctx, customer).await;
        t.clock.advance(30 * DAY - 1);
        assert!(hygiene::run(&ctx, true).await.unwrap().report.erased.is_empty());
        t.clock.advance(1);
        let run = hygiene::run(&ctx, false).await.unwrap();
        assert_eq!(run.report.erased["enriched_too_old"], 1);
        erase_due(&ctx, &gate).await;
        assert!(contacts::get(&ctx, people::ReadFor::Work, claire).await.is_err() && contacts::get(&ctx, people::ReadFor::Work, customer).await.is_ok());
    }

    async fn fields_nothing_reads_are_proposed_for_deletion(t: Fixture) {
        let ctx = t.workspace().await;
        let live = Live::new();
        for label in ["Shoe size", "Plan"] {
            fields::define(&ctx, label, fields::FieldKind::Text, "marketing").await.unwrap();
        }
        let mut lina = person("lina@example.com", "Lina");
        lina.attributes = [("shoe_size".to_owned(), json!("38")), ("plan".to_owned(), json!("gold"))].into();
        lina.phones = vec![kernel::Phone::parse("+4917012345678", None).unwrap()];
        let lina = contacts::create(&ctx, lina, &origin()).await.unwrap();
        let first = unused::report(&ctx, &live).await.unwrap();
        // Only the number is listed at once: nobody of the workspace may be called.
        assert_eq!(first.items.iter().map(|item| (item.key.as_str(), item.reason)).collect::<Vec<_>>(), [("phone", "no_phone_purpose")]);
        t.clock.advance(60 * DAY);
        reads::mark(&ctx, Reader::Message, &["plan".to_owned(), "first_name".to_owned()]).await.unwrap();
        t.clock.advance(30 * DAY);
        let report = unused::report(&ctx, &live).await.unwrap();
        let listed: Vec<_> = report.items.iter().map(|item| (item.key.as_str(), item.values)).collect();
        assert_eq!(listed, [("phone", 1), ("shoe_size", 1)], "{report:?}");
        assert_eq!(report.items[1].last_read, None);
        for key in ["shoe_size", "phone"] {
            unused::delete_values(&ctx, key).await.unwrap();
        }
        let handler: Arc<dyn Handler> = Arc::new(unused::FieldValues);
        jobs::drain(&ctx.core, &[handler]).await.unwrap();
        let profile = contacts::get(&ctx, people::ReadFor::Work, lina).await.unwrap().loaded.profile;
        assert!(profile.phones.is_empty() && !profile.attributes.contains_key("shoe_size"));
        assert!(profile.attributes.contains_key("plan"));
        assert!(found(&ctx, "+4917012345678").await.is_none());
        assert!(unused::report(&ctx, &live).await.unwrap().items.is_empty());
        let trail = audit::list(&ctx, None, 50).await.unwrap();
        assert!(trail.iter().any(|entry| entry.action == "field.values_deleted" && entry.objects == ["phone"]));
        assert!(unused::delete_values(&ctx, "email").await.is_err());
        assert!(unused::delete_values(&ctx, "nothing").await.is_err());
    }

    async fn a_bought_list_needs_its_seller_s_evidence(t: Fixture) {
        let ctx = t.workspace().await;
        let (news, lia) = (topic(&ctx, "News", false).await, lia(&ctx).await);
        let staged = async || {
            let mut upload = Upload::begin(&ctx).await.unwrap();
            upload.write(b"email,phone,country\nclaire@grues.example,+33612345678,FR\n").await.unwrap();
            upload.finish().await.unwrap()
        };
        let mut told = settings(news, Basis::LegitimateInterest);
        told.purchased = true;
        told.origin.assessment = Some(lia);
        told.origin.reason = Some("They run cranes".to_owned());
        let refused = job::start(&ctx, staged().await, told.clone()).await.unwrap_err().problem();
        assert_eq!(refused.code, Code::EvidenceMissing);
        let named: Vec<&str> = refused.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(named, ["vendor", "contract", "collection"]);
        let half = Purchase { vendor: "Lists Ltd".to_owned(), ..Purchase::default() };
        let refused = job::start_with(&ctx, staged().await, told.clone(), Some(half.clone())).await.unwrap_err().problem();
        assert_eq!(refused.fields.len(), 2);
        let whole = Purchase { contract: "2026-117".to_owned(), collection: "trade fair, told in writing".to_owned(), ..half };
        let id = job::start_with(&ctx, staged().await, told, Some(whole)).await.unwrap();
        let handler: Arc<dyn Handler> = Arc::new(Imports);
        jobs::drain(&ctx.core, &[handler]).await.unwrap();
        let report = job::get(&ctx, id).await.unwrap().report;
        assert_eq!((report.added, report.first_warnings[0].column.as_str()), (1, "phone"), "{report:?}");
        let claire = found(&ctx, "claire@grues.example").await.unwrap();
        let answer = json!(privacy::answer::answer(&ctx, claire).await.unwrap()).to_string();
        for told in ["purchased", "Lists Ltd", "2026-117", "trade fair, told in writing"] {
            assert!(answer.contains(told), "{told}: {answer}");
        }
        assert_eq!(art14::of(&ctx, claire).await.unwrap().unwrap().method, "purchased");
    }

    async fn a_partner_gets_data_only_after_people_were_told(t: Fixture) {
        let ctx = t.workspace().await;
        let lina = contacts::create(&ctx, person("lina@example.com", "Lina"), &origin()).await.unwrap();
        let crane = Partner {
            name: "Crane & Co".to_owned(),
            purpose: "joint fair".to_owned(),
            reference: Some("contract 7".to_owned()),
            notify: Some("privacy@crane.example".to_owned()),
        };
        let publish = async |language: &str, body: &str| {
            let draft = notices::Draft { notice: "privacy", language: language.parse().unwrap(), body, material: true };
            notices::publish(&ctx, draft).await.unwrap();
        };
        let refused = partner::disclose(&ctx, &crane).await.unwrap_err().problem();
        assert_eq!((refused.code, refused.fields[0].field.as_str()), (Code::BlockedTarget, "partner"));
        publish("en", "We share addresses with Crane & Co for the fair.").await;
        publish("ar", "لا نشارك العناوين مع أحد.").await;
        let refused = partner::disclose(&ctx, &crane).await.unwrap_err().problem();
        assert!(refused.detail.contains("missing in: ar"), "{refused:?}");
        assert!(privacy::disclosures::of_subject(&ctx, lina).await.unwrap().is_empty());
        publish("ar", "نشارك العناوين مع Crane & Co من أجل المعرض.").await;
        assert_eq!(partner::disclose(&ctx, &crane).await.unwrap(), 1);
        let told = privacy::disclosures::of_subject(&ctx, lina).await.unwrap();
        assert_eq!((told[0].recipient.as_str(), told[0].reference.as_deref()), ("Crane & Co", Some("contract 7")));
        // A newer version that does not name the partner ends it.
        publish("en", "We share addresses with nobody.").await;
        assert!(partner::disclose(&ctx, &crane).await.is_err());
    }
}

async fn consent(ctx: &Ctx, contact: ContactId) {
    let (keys, subject) = (ctx.keys().await.unwrap(), ctx.vault.subject(ctx.workspace, contact).await.unwrap());
    let statement = privacy::claims::Statement {
        subject: contact,
        purpose: privacy::vocabulary::Purpose::MARKETING,
        channel: privacy::vocabulary::Channel::Email,
        topic: None,
        basis: BasisKind::Consent,
        state: privacy::vocabulary::ConsentState::Given,
        at: ctx.now(),
        expires_at: None,
        detail: json!({"evidence": true}),
    };
    let mut batch = ctx.batch();
    privacy::claims::state(&mut batch, ctx, &keys, &subject, statement).unwrap();
    ctx.db.apply(batch).await.unwrap();
}
