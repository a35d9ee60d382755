use store::{registered, table_columns};
use testkit::Fixture;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        let sqlite = Fixture::sqlite().await;
        let Some(postgres) = Fixture::postgres().await else { return };
        for statement in registered().filter(|statement| statement.file.contains("people")) {
            let name = format!("{} in {}", statement.sql.name, statement.file);
            let one = sqlite.core.db.describe(statement.sql).await.unwrap_or_else(|e| panic!("{name}: {e}"));
            let other = postgres.core.db.describe(statement.sql).await.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(one, other, "{name}: parameters or columns differ");
        }
        assert_eq!(table_columns(&sqlite.core.db).await.unwrap(), table_columns(&postgres.core.db).await.unwrap());
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
