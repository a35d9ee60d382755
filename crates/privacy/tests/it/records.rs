use kernel::Locale;
use privacy::vocabulary::Purpose;
use privacy::{notices, provenance, purposes, register};
use serde_json::json;
use testkit::Fixture;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}

testkit::each_engine! {
    async fn no_personal_table_is_unregistered(t: Fixture) {
        assert_eq!(register::unregistered(&t.core.db).await.unwrap(), Vec::<String>::new());
    }

    async fn a_notice_keeps_every_version(t: Fixture) {
        let ctx = t.workspace().await;
        let draft = |body| notices::Draft { notice: "privacy", language: Locale::ar(), body, material: true };
        let first = notices::publish(&ctx, draft("نحن نحفظ بريدك")).await.unwrap();
        let same = notices::publish(&ctx, draft("نحن نحفظ بريدك")).await.unwrap();
        let second = notices::publish(&ctx, draft("نحن نحفظ بريدك ولغتك")).await.unwrap();
        assert_eq!((first.version, second.version), (1, 2));
        assert_eq!(same, first);
        assert_ne!(first.hash, second.hash);
        assert_eq!(notices::get(&ctx, first.id).await.unwrap(), first);
        assert_eq!(notices::versions(&ctx, "privacy", &Locale::ar()).await.unwrap(), [first, second.clone()]);
        assert_eq!(notices::latest(&ctx, "privacy", &Locale::ar()).await.unwrap(), Some(second));
        assert!(notices::publish(&ctx, draft("  ")).await.is_err());
    }

    async fn a_source_is_sealed_and_reads_back(t: Fixture) {
        let ctx = t.workspace().await;
        let keys = ctx.keys().await.unwrap();
        let mut batch = ctx.batch();
        let source = provenance::Provenance {
            method: provenance::Method::Import,
            source: "Fair in Dubai, list of Ms Haddad".into(),
            collected_on: Some("2026-10-01".parse().unwrap()),
            parent: None,
            detail: json!({"file": "fair.csv"}),
        };
        let id = provenance::record(&mut batch, &ctx, &keys, source.clone()).unwrap();
        ctx.db.apply(batch).await.unwrap();
        let read = provenance::get(&ctx, id).await.unwrap();
        assert_eq!((read.source, read.collected_on, read.actor.as_str()), (source.source.clone(), source.collected_on, "console"));
        let empty = provenance::Provenance { source: " ".into(), ..source };
        assert!(provenance::record(&mut ctx.batch(), &ctx, &keys, empty).is_err());
    }

    async fn purposes_are_seeded_once_and_retired(t: Fixture) {
        let ctx = t.workspace().await;
        for _ in 0..2 {
            let mut batch = ctx.batch();
            purposes::seed(&mut batch, &ctx);
            ctx.db.apply(batch).await.unwrap();
        }
        let all = purposes::list(&ctx).await.unwrap();
        assert_eq!(all.len(), 17);
        purposes::retire(&ctx, &Purpose::PROFILING).await.unwrap();
        assert!(purposes::retire(&ctx, &Purpose::PROFILING).await.is_err());
    }
}
