#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}

mod plans {
    use testkit::Fixture;

    store::sql! {
        /// The primary key begins with the workspace, too, and by itself SQLite takes a workspace to be small.
        EVENTS_OF = "SELECT body FROM ledger_event WHERE workspace = $1 AND subject = $2 ORDER BY seq, ordinal";
    }

    #[test]
    fn what_is_asked_for_is_found_by_its_own_index() {
        testkit::run(async {
            let fixture = Fixture::sqlite().await;
            let plan = fixture.core.db.plan(EVENTS_OF).await.unwrap();
            assert!(plan.iter().all(|step| !step.contains("(workspace=?)")), "{plan:?}");
        });
    }
}
