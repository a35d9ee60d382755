use mail as _;
use store::{Database, registered, table_columns};
use testkit::Fixture;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        let sqlite = Fixture::sqlite().await;
        let Some(postgres) = Fixture::postgres().await else { return };
        for statement in registered() {
            let pick = |fixture: &Fixture| match statement.database {
                Database::Main => fixture.core.db.clone(),
                Database::Keys => fixture.core.vault.db().clone(),
            };
            let name = format!("{} in {}", statement.sql.name, statement.file);
            let one = pick(&sqlite).describe(statement.sql).await.unwrap_or_else(|e| panic!("{name}: {e}"));
            let other = pick(&postgres).describe(statement.sql).await.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(one, other, "{name}: parameters or columns differ");
        }
        assert_eq!(
            table_columns(&sqlite.core.db).await.unwrap(),
            table_columns(&postgres.core.db).await.unwrap(),
            "both engines have the same tables and columns"
        );
    });
}
