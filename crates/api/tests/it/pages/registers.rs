//! The public registers.

use kernel::Locale;
use privacy::authority::{self, Intake};
use privacy::controller::{self, Controller, Hosting};
use privacy::notices::{self, Edition};
use privacy::processors::{self, Details, Enable, Mechanism, Role};
use serde_json::json;
use store::Ctx;
use testkit::Fixture;

use super::world::World;

async fn processor(ctx: &Ctx, name: &str, now: bool) {
    let details = Details {
        name: name.into(),
        role: Some(Role::Processor),
        location: "Singapore".into(),
        mechanism: Some(Mechanism::Scc),
        dpa_date: Some("2026-01-01".parse().unwrap()),
        service: "hosting".into(),
        purposes: vec!["provision".into()],
        data_categories: vec!["everything, sealed".into()],
        ..Details::default()
    };
    let draft = processors::create(ctx, details).await.unwrap();
    let when = if now {
        Enable { effective_at: Some(ctx.now()), short_notice: Some("since the beginning".into()) }
    } else {
        Enable::default()
    };
    processors::enable(ctx, draft.id, when).await.unwrap();
}

testkit::each_engine! {
    async fn who_receives_data_is_public_and_announced_ahead(t: Fixture) {
        let world = World::new(t).await;
        processor(&world.ctx, "Now <Ltd>", true).await;
        processor(&world.ctx, "Later Ltd", false).await;
        let hosting = vec![Hosting { what: "database".into(), place: "Doha, Qatar".into() }];
        controller::set(&world.ctx, Controller { hosting, ..Controller::default() }).await.unwrap();
        let base = format!("/privacy/{}", world.ctx.workspace);
        let page = world.client().get(&format!("{base}/subprocessors")).await;
        let text = page.text();
        assert_eq!(page.status.as_u16(), 200);
        assert!(text.contains("Now &lt;Ltd&gt;") && text.contains("standard contractual clauses") && text.contains("Doha, Qatar"), "{text}");
        assert!(text.contains("New from 21\u{a0}December\u{a0}2026") && !text.contains("<script"), "{text}");
        let arabic = world.client().get(&format!("{base}/subprocessors?lang=ar")).await.text();
        assert!(arabic.contains("dir=\"rtl\"") && arabic.contains("بنود تعاقدية نموذجية"), "{arabic}");
        let feed = world.client().get(&format!("{base}/subprocessors.json")).await.json();
        assert_eq!((&feed["processors"][0]["name"], &feed["upcoming"][0]["kind"]), (&json!("Now <Ltd>"), &json!("added")));
        assert_eq!(feed["upcoming"][0]["effective_at"], "2026-12-21T09:00:00Z");
        assert!(!feed.to_string().contains("since the beginning"), "reasons stay inside");
        let by_slug = world.client().get("/privacy/nur-foundation/subprocessors").await;
        assert_eq!(by_slug.status.as_u16(), 200);
        for nobody in ["/privacy/nobody/subprocessors", "/privacy/ws_00000000000000000000000001/notices", "/privacy/nobody/transparency.json"] {
            assert_eq!(world.client().get(nobody).await.status.as_u16(), 404, "{nobody}");
        }
    }

    async fn every_version_of_a_notice_stays_readable(t: Fixture) {
        let world = World::new(t).await;
        let base = format!("/privacy/{}/notices", world.ctx.workspace);
        assert!(world.client().get(&base).await.text().contains("No notice"));
        for (en, ar) in [("We keep it. Bye.", "نحفظه."), ("We keep it. We <never> sell it. Bye.", "نحفظه. لا نبيعه.")] {
            let texts = [(Locale::en(), en), (Locale::ar(), ar)];
            notices::publish_all(&world.ctx, Edition { notice: "privacy", texts: &texts, material: false, reconsent: false }).await.unwrap();
            world.t.clock.advance(86_400);
        }
        assert!(world.client().get(&base).await.text().contains("href=\"notices/privacy\""));
        let current = world.client().get(&format!("{base}/privacy")).await.text();
        assert!(current.contains("We &lt;never&gt; sell it.") && current.contains("Version 2") && current.contains("SHA-256"), "{current}");
        let old = world.client().get(&format!("{base}/privacy?version=1")).await.text();
        assert!(old.contains("earlier version") && !old.contains("never"), "{old}");
        assert!(old.contains("href=\"?version=1&amp;lang=ar\""), "a change of language stays at the version");
        let changed = world.client().get(&format!("{base}/privacy?version=2&since=1")).await.text();
        assert!(changed.contains("<ins>") && !changed.contains("<del>"), "{changed}");
        let arabic = world.client().get(&format!("{base}/privacy?lang=ar")).await.text();
        assert!(arabic.contains("لا نبيعه") && arabic.contains("كل النسخ"));
        let file = world.client().get(&format!("{base}/privacy/text?version=1")).await;
        assert_eq!((file.text().as_str(), file.header("content-disposition")), ("We keep it. Bye.", "attachment; filename=\"privacy-en-1.txt\""));
        for nothing in ["nothing", "privacy?version=9", "privacy?since=9"] {
            assert_eq!(world.client().get(&format!("{base}/{nothing}")).await.status.as_u16(), 404, "{nothing}");
        }
    }

    async fn requests_of_authorities_are_counted_in_public(t: Fixture) {
        let world = World::new(t).await;
        let base = format!("/privacy/{}", world.ctx.workspace);
        assert!(world.client().get(&format!("{base}/transparency")).await.text().contains("no request so far"));
        let request = authority::create(&world.ctx, Intake { body: "Secret Court".into(), ..Intake::default() }).await.unwrap();
        authority::close(&world.ctx, request.id).await.unwrap();
        let page = world.client().get(&format!("{base}/transparency")).await.text();
        assert!(page.contains("2026") && !page.contains("Secret Court"), "{page}");
        let feed = world.client().get(&format!("{base}/transparency.json")).await.json();
        assert_eq!((&feed["years"][0]["received"], &feed["years"][0]["refused"]), (&json!(1), &json!(1)));
    }
}
