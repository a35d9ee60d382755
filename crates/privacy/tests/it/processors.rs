//! The register of recipients.

use kernel::Code;
use privacy::processors::{self, Details, Enable, Mechanism, Role};
use privacy::{activities, connectors};
use testkit::Fixture;

const TABLE: &str = include_str!("processors.csv");

fn relay() -> Details {
    Details {
        name: "Relay GmbH".into(),
        role: Some(Role::Processor),
        location: "Germany".into(),
        mechanism: Some(Mechanism::NoneEea),
        dpa_date: Some("2026-01-01".parse().unwrap()),
        service: "mail relay".into(),
        purposes: vec!["provision".into()],
        data_categories: vec!["addresses".into()],
        connectors: vec!["backup".into()],
        ..Details::default()
    }
}

testkit::each_engine! {
    async fn a_table_is_imported_once(t: Fixture) {
        let ctx = t.workspace().await;
        let report = processors::import(&ctx, TABLE).await.unwrap();
        assert_eq!((report.rows, report.added, report.unique), (30, 29, 29));
        assert_eq!(report.warnings.len(), 1, "{:?}", report.warnings);
        assert_eq!((report.warnings[0].row, report.warnings[0].warning.contains("row 3")), (25, true));
        assert_eq!(report.stale.iter().map(|one| one.row).collect::<Vec<_>>(), [7]);
        let all = processors::list(&ctx).await.unwrap();
        assert_eq!(all.len(), 29);
        assert!(all.iter().all(|one| one.state == "draft" && !one.lacks.is_empty()));
        assert!(all.iter().all(|one| !one.details.countries.is_empty()), "every place is recognised");
        let again = processors::import(&ctx, TABLE).await.unwrap();
        assert_eq!((again.added, again.unique, again.warnings.len()), (0, 29, 30));
        assert!(processors::import(&ctx, "a,b\n1,2").await.is_err());
        let published = processors::published(&ctx).await.unwrap();
        assert!(published.processors.is_empty() && published.upcoming.is_empty(), "drafts are not public");
    }

    async fn privacy_shield_is_no_mechanism(t: Fixture) {
        let ctx = t.workspace().await;
        let report = processors::import(&ctx, "name,country,mechanism\nA,USA,Privacy Shield\n").await.unwrap();
        assert_eq!((report.added, report.warnings.len()), (1, 1));
        let only = processors::list(&ctx).await.unwrap().remove(0);
        assert_eq!(only.details.mechanism, None);
        assert!(only.lacks.contains(&"mechanism"));
    }

    async fn nothing_incomplete_is_enabled(t: Fixture) {
        let ctx = t.workspace().await;
        let us = Details { location: "United States".into(), dpa_date: None, ..relay() };
        let draft = processors::create(&ctx, us.clone()).await.unwrap();
        let problem = processors::enable(&ctx, draft.id, Enable::default()).await.unwrap_err().problem();
        assert_eq!(problem.code, Code::Conflict);
        let fields: Vec<&str> = problem.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["dpa_date", "mechanism"]);
        let complete = Details { mechanism: Some(Mechanism::Scc), dpa_date: relay().dpa_date, ..us };
        processors::update(&ctx, draft.id, draft.version, complete, Enable::default()).await.unwrap();
        let enabled = processors::enable(&ctx, draft.id, Enable::default()).await.unwrap();
        assert_eq!(enabled.state, "announced");
        assert_eq!(processors::create(&ctx, Details { location: "France".into(), ..relay() }).await.unwrap_err().problem().code, Code::Conflict);
        assert!(processors::remove(&ctx, draft.id).await.is_err(), "what was announced stays");
    }

    async fn changes_are_published_ahead(t: Fixture) {
        let ctx = t.workspace().await;
        let draft = processors::create(&ctx, relay()).await.unwrap();
        let soon = Enable { effective_at: Some(ctx.now()), short_notice: None };
        assert_eq!(processors::enable(&ctx, draft.id, soon).await.unwrap_err().problem().fields[0].field, "short_notice");
        processors::enable(&ctx, draft.id, Enable::default()).await.unwrap();
        let published = processors::published(&ctx).await.unwrap();
        assert_eq!((published.processors.len(), published.upcoming.len()), (0, 1));
        assert_eq!(published.upcoming[0].effective_at, ctx.now().plus_seconds(30 * 86_400));
        assert_eq!(connectors::unassigned(&ctx, &["backup"]).await.unwrap(), ["backup"]);
        t.clock.advance(30 * 86_400);
        let live = processors::get(&ctx, draft.id).await.unwrap();
        assert_eq!(live.state, "active");
        assert!(connectors::unassigned(&ctx, &["backup"]).await.unwrap().is_empty());
        let moved = Details { location: "United States".into(), mechanism: Some(Mechanism::Bcr), countries: Vec::new(), ..relay() };
        let incomplete = Details { mechanism: None, ..moved.clone() };
        assert!(processors::update(&ctx, draft.id, live.version, incomplete, Enable::default()).await.is_err());
        processors::update(&ctx, draft.id, live.version, moved, Enable::default()).await.unwrap();
        let stale = processors::update(&ctx, draft.id, live.version, relay(), Enable::default()).await;
        assert!(stale.is_ok(), "nothing was different");
        let published = processors::published(&ctx).await.unwrap();
        assert_eq!((published.processors[0].location.as_str(), published.upcoming[0].kind), ("Germany", "changed"));
        t.clock.advance(30 * 86_400);
        let published = processors::published(&ctx).await.unwrap();
        assert_eq!((published.processors[0].location.as_str(), published.upcoming.len()), ("United States", 0));
        processors::end(&ctx, draft.id, None).await.unwrap();
        assert!(processors::published(&ctx).await.unwrap().processors.is_empty());
        let kinds: Vec<String> = processors::history(&ctx, 10).await.unwrap().into_iter().map(|one| one.kind).collect();
        assert_eq!(kinds, ["ended", "changed", "added"]);
    }

    async fn every_personal_table_is_in_an_activity(t: Fixture) {
        let ctx = t.workspace().await;
        let draft = processors::create(&ctx, Details { name: "<b>Pay</b>".into(), role: Some(Role::Controller), dpa_date: None, ..relay() }).await.unwrap();
        processors::enable(&ctx, draft.id, Enable { effective_at: Some(ctx.now()), short_notice: Some("in use since the start".into()) }).await.unwrap();
        let record = activities::record(&ctx).await.unwrap();
        for table in store::PersonalTable::all() {
            let found = record.activities.iter().any(|one| one.tables.iter().any(|known| known.table == table.table));
            assert!(found, "{} is in no activity", table.table);
        }
        let provision = record.activities.iter().find(|one| one.code == "provision").unwrap();
        assert_eq!((provision.basis.as_str(), provision.recipients[0].role), ("contract", Some(Role::Controller)));
        assert!(provision.concept.starts_with("dpv:"));
        assert!(record.lacks.contains(&"dpo"));
        let csv = activities::csv(&record);
        assert_eq!(csv.lines().count(), record.activities.len() + 1);
        let html = activities::html(&record);
        assert!(html.contains("&lt;b&gt;Pay") && !html.contains("<b>Pay"));
    }
}
