use store::{Database, registered};
use testkit::Fixture;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    testkit::run(async {
        let sqlite = Fixture::sqlite().await;
        let Some(postgres) = Fixture::postgres().await else { return };
        for statement in registered().filter(|statement| statement.database == Database::Main) {
            let name = format!("{} in {}", statement.sql.name, statement.file);
            let one = sqlite.core.db.describe(statement.sql).await.unwrap_or_else(|e| panic!("{name}: {e}"));
            let other = postgres.core.db.describe(statement.sql).await.unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(one, other, "{name}: parameters or columns differ");
        }
        let tables = store::table_columns(&sqlite.core.db).await.unwrap();
        assert_eq!(tables, store::table_columns(&postgres.core.db).await.unwrap());
    });
}
