use store::registered;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        testkit::statements_prepare_alike().await;
    });
}

#[test]
fn the_audit_trail_is_only_ever_added_to() {
    // Retention alone ends entries, when their period is over.
    for statement in registered().filter(|statement| statement.sql.name != "END_AUDIT") {
        let text = statement.sql.text.to_ascii_lowercase();
        assert!(
            !text.contains("update audit") && !text.contains("delete from audit"),
            "{} changes the audit trail",
            statement.sql.name
        );
    }
}
