//! Migrations: numbered per area, embedded, checksummed, the same text for both engines.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use kernel::Timestamp;

use crate::dialect::migration_text;
use crate::{Db, Error, Result, params, sql};

/// One step of an area's schema.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// The crate it belongs to; `keys` is the key store.
    pub area: &'static str,
    /// From 1, without gaps.
    pub number: u32,
    /// What it is about.
    pub name: &'static str,
    /// DDL with type tokens (`{id}`, `{int}`, …).
    pub text: &'static str,
}

inventory::collect!(Migration);

/// Declares a migration: `migration!("people", 1, "contacts", include_str!("…"))`.
#[macro_export]
macro_rules! migration {
    ($area:literal, $number:literal, $name:literal, $text:expr) => {
        $crate::inventory::submit! {
            $crate::Migration { area: $area, number: $number, name: $name, text: $text }
        }
    };
}

/// A step that has not been taken yet.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PlannedMigration {
    /// The area.
    pub area: &'static str,
    /// Its number.
    pub number: u32,
    /// What it is about.
    pub name: &'static str,
}

/// Areas in the order in which their tables are made.
const ORDER: &[&str] = &["store", "accounts", "privacy", "billing", "people", "content", "outbound"];

const KEYS: &str = "keys";

const MAKE_TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (area TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (area, number));";

sql! {
    LIST = "SELECT area, number, checksum FROM migration ORDER BY area, number";
    RECORD = "INSERT INTO migration (area, number, name, checksum, at) VALUES ($1, $2, $3, $4, $5)";
}

fn checksum(text: &str) -> String {
    HEXLOWER.encode(&digest(&SHA256, text.as_bytes()).as_ref()[..16])
}

fn place(area: &str) -> usize {
    ORDER.iter().position(|known| *known == area).unwrap_or(ORDER.len())
}

/// The migrations of the data or of the key store, in order.
fn wanted(keys: bool) -> Vec<&'static Migration> {
    let mut all: Vec<_> = inventory::iter::<Migration>().filter(|m| (m.area == KEYS) == keys).collect();
    all.sort_by_key(|m| (place(m.area), m.area, m.number));
    all
}

impl Db {
    /// Brings the data's schema up to date.
    ///
    /// # Errors
    /// [`Error::Migration`] when the database is newer than this binary or a step was changed.
    pub async fn migrate(&self, now: Timestamp) -> Result<()> {
        self.migrate_either(false, now).await
    }

    /// Brings the key store's schema up to date.
    pub(crate) async fn migrate_keys(&self, now: Timestamp) -> Result<()> {
        self.migrate_either(true, now).await
    }

    /// The steps that [`Db::migrate`] would take.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn plan_migrations(&self) -> Result<Vec<PlannedMigration>> {
        let missing = self.missing(false).await?;
        Ok(missing.iter().map(|m| PlannedMigration { area: m.area, number: m.number, name: m.name }).collect())
    }

    async fn missing(&self, keys: bool) -> Result<Vec<&'static Migration>> {
        self.run_script(MAKE_TABLE.to_owned()).await?;
        let rows: Vec<(String, u32, String)> = self.all(LIST, Vec::new()).await?;
        let mut done: BTreeMap<(String, u32), String> =
            rows.into_iter().map(|(area, number, sum)| ((area, number), sum)).collect();
        let mut missing = Vec::new();
        for migration in wanted(keys) {
            match done.remove(&(migration.area.to_owned(), migration.number)) {
                None => missing.push(migration),
                Some(sum) if sum == checksum(migration.text) => {}
                Some(_) => {
                    return Err(Error::Migration(format!(
                        "step {} {} was applied with another text; restore the binary that made this database",
                        migration.area, migration.number
                    )));
                }
            }
        }
        if let Some((area, number)) = done.into_keys().next() {
            return Err(Error::Migration(format!(
                "the database is newer than this program (it has step {area} {number}); use the newer program"
            )));
        }
        Ok(missing)
    }

    pub(crate) async fn migrate_either(&self, keys: bool, now: Timestamp) -> Result<()> {
        for migration in self.missing(keys).await? {
            self.run_script(migration_text(migration.text, self.engine())).await?;
            let values = params![migration.area, migration.number, migration.name, checksum(migration.text), now];
            self.tx(move |tx| tx.exec(RECORD, values.clone()).map(|_| ())).await?;
        }
        self.tell_planner().await
    }
}
