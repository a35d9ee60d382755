use content::{Variants, Versions, templates, versions};

use crate::support::{catalog, html, sender, values};

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}

testkit::each_engine! {
    async fn a_version_is_kept_and_found_by_its_hash(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let variants = Variants::from(html("Plan {{ plan | fallback: \"none\" }}"));
        let kept = Versions::default();
        let version = kept.save(&ctx, &variants, &catalog()).await.unwrap();
        let again = kept.save(&ctx, &variants, &catalog().with("shoe_size", "shoe size", &[])).await.unwrap();
        assert_eq!((version.id, version.hash), (again.id, again.hash), "a field that is not read changes nothing");
        // Another process, with nothing in its cache and without the workspace's fields.
        let loaded = Versions::default().load(&ctx, version.id).await.unwrap();
        assert_eq!(loaded.hash, version.hash);
        assert_eq!(*loaded.compiled, *version.compiled);
        assert_eq!(versions::source(&ctx, version.id).await.unwrap(), variants);
        let mut out = content::Rendered::default();
        let recipient = content::Recipient { values: &values(&[("plan", "gold")]), sender: &sender() };
        loaded.compiled.pick(None).render(&recipient, &crate::support::plain_links(), &mut out).unwrap();
        assert_eq!(out.text, "Plan gold\n");
        let other = t.workspace().await;
        assert!(Versions::default().load(&other, version.id).await.is_err());
        let broken = kept.save(&ctx, &Variants::from(html("{{ nope }}")), &catalog()).await.unwrap_err();
        assert_eq!(broken.problem().fields[0].field, "html:1:1");
    }

    async fn designs_are_saved_changed_and_deleted(t: testkit::Fixture) {
        let ctx = t.workspace().await;
        let source = Variants::from(html("x"));
        let id = templates::create(&ctx, " First ", &source).await.unwrap();
        templates::create(&ctx, "Second", &source).await.unwrap();
        assert!(templates::create(&ctx, " ", &source).await.is_err());
        let changed = Variants::from(html("y"));
        templates::update(&ctx, id, 1, "Renamed", &changed).await.unwrap();
        assert!(templates::update(&ctx, id, 1, "Late", &source).await.is_err(), "somebody else was first");
        let template = templates::get(&ctx, id).await.unwrap();
        assert_eq!((template.name.as_str(), template.revision, template.source), ("Renamed", 2, changed));
        let listed = templates::list(&ctx, None, 10, false).await.unwrap();
        assert_eq!(listed.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["Renamed", "Second"]);
        assert_eq!(templates::list(&ctx, Some(id), 10, false).await.unwrap().len(), 1);
        templates::delete(&ctx, id).await.unwrap();
        assert!(templates::get(&ctx, id).await.is_err());
    }
}
