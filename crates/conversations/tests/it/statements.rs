#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}

/// Tables that no statement may read whole.
const LARGE: [&str; 7] = [
    "conversation_event",
    "conversation_thread",
    "conversation_file",
    "conversation",
    "visitor",
    "conversation_line",
    "conversation_delivery",
];

#[test]
fn no_statement_reads_a_large_table_whole() {
    testkit::run(async {
        let fixture = testkit::Fixture::sqlite().await;
        let mut looked = 0;
        for statement in store::registered().filter(|one| one.file.contains("conversations")) {
            looked += 1;
            for line in fixture.core.db.plan(statement.sql).await.unwrap() {
                let whole = LARGE.iter().any(|table| {
                    line == format!("SCAN {table}")
                        || line.starts_with(&format!("SCAN {table} ")) && !line.contains("USING")
                });
                assert!(!whole, "{} reads all of a table: {line}", statement.sql.name);
            }
        }
        assert!(looked > 50, "{looked}");
    });
}
