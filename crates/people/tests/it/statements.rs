use store::registered;
use testkit::Fixture;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}

#[test]
fn no_statement_reads_a_large_table_whole() {
    const LARGE: [&str; 6] = ["contact", "identity", "event", "contact_tag", "contact_topic", "import_part"];
    testkit::run(async {
        let t = Fixture::sqlite().await;
        for statement in registered().filter(|statement| statement.file.contains("people")) {
            for step in t.core.db.plan(statement.sql).await.unwrap() {
                let scanned = step.strip_prefix("SCAN ").and_then(|rest| rest.split_whitespace().next());
                let whole = scanned.is_some_and(|table| LARGE.contains(&table));
                assert!(!whole, "{} in {}: {step}", statement.sql.name, statement.file);
            }
        }
    });
}

testkit::each_engine! {
    async fn no_personal_table_is_unregistered(t: Fixture) {
        assert_eq!(privacy::register::unregistered(&t.core.db).await.unwrap(), Vec::<String>::new());
    }
}
