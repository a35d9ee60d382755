//! The register of personal tables, as this crate walks it: what is held about a person, what
//! erasure deletes, and which addresses must be remembered as hashes before the key dies.

use kernel::ContactId;
use store::{BoxFuture, Ctx, Db, PersonalTable, SubjectKeys};

use crate::Result;

/// Reads every address of a person from rows that are still sealed under a living key, as
/// suppression identifiers: `email:` and the normal form, `phone:` and the number in E.164.
pub type Addresses = for<'a> fn(&'a Ctx, ContactId, &'a SubjectKeys) -> BoxFuture<'a, store::Result<Vec<String>>>;

/// A crate that stores addresses of people registers how to read them, so that erasure can leave
/// their keyed hashes behind.
pub struct AddressSource {
    /// Whose rows are read, for error texts.
    pub table: &'static str,
    /// The reader.
    pub read: Addresses,
}

store::inventory::collect!(AddressSource);

/// Registers an [`AddressSource`].
#[macro_export]
macro_rules! addresses {
    ($source:expr) => {
        ::store::inventory::submit! { $source }
    };
}

/// Every address of a person that any crate knows, each once.
///
/// # Errors
/// When the store fails or the person's key is gone.
pub async fn addresses_of(ctx: &Ctx, subject: ContactId, keys: &SubjectKeys) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for source in store::inventory::iter::<AddressSource>() {
        found.extend((source.read)(ctx, subject, keys).await?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

const TELLING: [&str; 3] = ["contact", "subject", "sealed"];

/// Columns that look personal (`contact`, `subject`, `sealed`, or a name ending in `_sealed`) and
/// stand in no registered table, as `table.column`. A test over the whole binary wants none.
///
/// # Errors
/// When the catalogue cannot be read.
pub async fn unregistered(db: &Db) -> Result<Vec<String>> {
    let known: std::collections::HashSet<&str> = PersonalTable::all().map(|table| table.table).collect();
    let columns = store::table_columns(db).await?;
    Ok(columns
        .into_iter()
        .filter(|(table, column)| {
            let tells = TELLING.contains(&column.as_str()) || column.ends_with("_sealed");
            tells && !known.contains(table.as_str())
        })
        .map(|(table, column)| format!("{table}.{column}"))
        .collect())
}
