//! What only holds for the whole house: every statement on both engines, every personal table registered.

use store::{Database, registered};
use testkit::Fixture;

/// Linked so that their statements, migrations and personal tables are part of this test.
use {accounts as _, api as _, campaigns as _, content as _, http_server as _, mail as _, outbound as _, people as _};

#[test]
fn every_statement_of_the_house_prepares_alike_on_both_engines() {
    testkit::run(async {
        let count = testkit::statements_prepare_alike().await;
        assert!(count == 0 || count > 200, "only {count} statements are linked");
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
    "conversation",
    "conversation_event",
    "visitor",
    "sms_message",
    "sms_part",
    "voice_call",
    "booking",
];

/// Statements that are about a whole workspace: they count, look for the last one of an order, or tidy up after somebody.
const ABOUT_ALL: &[&str] = &[
    "COUNT_CONTACTS",
    "DROP_SUBJECTS",
    "ERASE_HITS",
    "HEAD_RECORD",
    "LATEST_ERASURE",
    "PHONE_PURPOSE",
    "SUPPRESSION_COUNTS",
];

#[test]
fn no_statement_reads_a_large_table_or_a_workspace_of_it_whole() {
    testkit::run(async {
        let fixture = Fixture::sqlite().await;
        let mut whole = Vec::new();
        for statement in registered() {
            let db = match statement.database {
                Database::Main => &fixture.core.db,
                Database::Keys => fixture.core.vault.db(),
            };
            for step in db.plan(statement.sql).await.unwrap() {
                let (how, rest) = step.split_once(' ').unwrap_or_default();
                let table = rest.split(' ').next().unwrap_or_default();
                let workspace = how == "SEARCH" && step.ends_with("(workspace=?)");
                let about_all = workspace && ABOUT_ALL.contains(&statement.sql.name);
                if (how == "SCAN" || workspace) && LARGE.contains(&table) && !about_all {
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
