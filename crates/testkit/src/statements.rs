use store::{Database, registered, table_columns};

use crate::Fixture;

/// Prepares every statement of every linked crate on both engines and compares parameters and columns,
/// then the tables themselves; answers how many statements there were, none without PostgreSQL.
///
/// # Panics
/// When a statement does not prepare, or the engines disagree.
pub async fn statements_prepare_alike() -> usize {
    let sqlite = Fixture::sqlite().await;
    let Some(postgres) = Fixture::postgres().await else { return 0 };
    let mut count = 0;
    for statement in registered() {
        let pick = |fixture: &Fixture| match statement.database {
            Database::Main => fixture.core.db.clone(),
            Database::Keys => fixture.core.vault.db().clone(),
        };
        let name = format!("{} in {}", statement.sql.name, statement.file);
        let one = pick(&sqlite).describe(statement.sql).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let other = pick(&postgres).describe(statement.sql).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(one, other, "{name}: parameters or columns differ");
        count += 1;
    }
    let tables = table_columns(&sqlite.core.db).await.expect("the catalogue can be read");
    assert_eq!(
        tables,
        table_columns(&postgres.core.db).await.expect("the catalogue can be read"),
        "both engines have the same tables and columns"
    );
    count
}
