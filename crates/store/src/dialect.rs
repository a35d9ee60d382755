//! Everything in which the two engines differ, in one place.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use parking_lot::RwLock;

use crate::{Db, Engine, Result, Sql};

/// Resolves the fragments of a statement: `{skip_locked}`, and `{id}` inside a CAST.
pub(crate) fn postgres_text(text: &str) -> Cow<'_, str> {
    if text.contains('{') {
        Cow::Owned(text.replace("{skip_locked}", "FOR UPDATE SKIP LOCKED").replace("{id}", "UUID"))
    } else {
        Cow::Borrowed(text)
    }
}

/// SQLite numbers `$n` by first appearance; `?n` means what PostgreSQL means by `$n`.
fn sqlite_translation(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut quoted = false;
    for c in text.replace("{skip_locked}", "").replace("{id}", "BLOB").chars() {
        if c == '\'' {
            quoted = !quoted;
        }
        out.push(if c == '$' && !quoted { '?' } else { c });
    }
    out
}

/// The SQLite text of a statement, translated once per process.
pub(crate) fn sqlite_text(sql: Sql) -> &'static str {
    static CACHE: OnceLock<RwLock<HashMap<(usize, usize), &'static str>>> = OnceLock::new();
    let cache = CACHE.get_or_init(RwLock::default);
    let key = (sql.text.as_ptr() as usize, sql.text.len());
    if let Some(text) = cache.read().get(&key) {
        return text;
    }
    let text: &'static str = Box::leak(sqlite_translation(sql.text).into_boxed_str());
    cache.write().insert(key, text);
    text
}

/// Replaces the type tokens of a migration.
pub(crate) fn migration_text(text: &str, engine: Engine) -> String {
    let tokens: &[(&str, &str, &str)] = &[
        ("{id}", "BLOB", "UUID"),
        ("{bytes}", "BLOB", "BYTEA"),
        ("{int}", "INTEGER", "BIGINT"),
        ("{bool}", "INTEGER", "BOOLEAN"),
        ("{text}", "TEXT", "TEXT"),
        ("{real}", "REAL", "DOUBLE PRECISION"),
        ("{table}", "STRICT, WITHOUT ROWID", ""),
        ("{rowid_table}", "STRICT", ""),
    ];
    let mut out = text.to_owned();
    for (token, sqlite, postgres) in tokens {
        out = out.replace(token, if engine == Engine::Sqlite { sqlite } else { postgres });
    }
    out
}

/// Every table with its columns, for tests that compare engines and look for personal columns.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn table_columns(db: &Db) -> Result<Vec<(String, String)>> {
    // Catalogues are no statements of the product, so they stay out of the register.
    let text = match db.engine() {
        Engine::Sqlite => {
            "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.name"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1, 2"
        }
    };
    db.all(Sql { name: "TABLE_COLUMNS", text }, Vec::new()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_keep_their_numbers() {
        assert_eq!(
            sqlite_translation("SELECT '$1' WHERE a = $2 AND b = $1 {skip_locked}"),
            "SELECT '$1' WHERE a = ?2 AND b = ?1 "
        );
    }
}
