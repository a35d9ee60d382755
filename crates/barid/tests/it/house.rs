//! What only holds for the whole house: every statement on both engines, every personal table registered.

use store::{Database, registered};
use testkit::Fixture;

/// Linked so that their statements, migrations and personal tables are part of this test.
use {accounts as _, api as _, campaigns as _, content as _, http_server as _, mail as _, outbound as _, people as _};

#[test]
fn every_statement_of_the_house_prepares_alike_on_both_engines() {
    testkit::run(async {
        let sqlite = Fixture::sqlite().await;
        let Some(postgres) = Fixture::postgres().await else { return };
        let mut count = 0;
        for statement in registered() {
            let pick = |fixture: &Fixture| match statement.database {
                Database::Main => fixture.core.db.clone(),
                Database::Keys => fixture.core.vault.db().clone(),
            };
            let name = format!("{} in {}", statement.sql.name, statement.file);
            let one = pick(&sqlite).describe(statement.sql).await.unwrap_or_else(|e| panic!("{name}: {e}"));
            let other = pick(&postgres).describe(statement.sql).await.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(one, other, "{name}: parameters or columns differ");
            count += 1;
        }
        assert!(count > 200, "only {count} statements are linked");
        assert_eq!(
            store::table_columns(&sqlite.core.db).await.unwrap(),
            store::table_columns(&postgres.core.db).await.unwrap()
        );
    });
}

/// Tables that hold a million rows one day.
const LARGE: &[&str] = &[
    "contact",
    "identity",
    "contact_tag",
    "contact_topic",
    "event",
    "delivery",
    "hit",
    "claim",
    "gate_subject",
    "suppression",
    "ledger_event",
    "ledger_record",
    "feed",
    "subject_key",
];

#[test]
fn no_statement_reads_a_large_table_whole() {
    testkit::run(async {
        let fixture = Fixture::sqlite().await;
        let mut whole = Vec::new();
        for statement in registered() {
            let db = match statement.database {
                Database::Main => &fixture.core.db,
                Database::Keys => fixture.core.vault.db(),
            };
            for step in db.plan(statement.sql).await.unwrap() {
                let table = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
                if table.is_some_and(|table| LARGE.contains(&table)) {
                    whole.push(format!("{} in {}: {step}", statement.sql.name, statement.file));
                }
            }
        }
        assert!(whole.is_empty(), "{whole:#?}");
    });
}

#[test]
fn every_personal_table_is_registered() {
    testkit::run(async {
        let fixture = Fixture::sqlite().await;
        let missing = privacy::register::unregistered(&fixture.core.db).await.unwrap();
        assert!(missing.is_empty(), "{missing:#?}");
    });
}
