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

testkit::each_engine! {
    async fn no_personal_table_is_unregistered(t: Fixture) {
        assert_eq!(privacy::register::unregistered(&t.core.db).await.unwrap(), Vec::<String>::new());
    }
}
