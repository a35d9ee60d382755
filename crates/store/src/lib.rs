//! One store over SQLite or PostgreSQL.
//!
//! Three ways to touch data and no fourth: reads ([`Db::one`], [`Db::opt`], [`Db::all`],
//! [`Db::many`]), the normal write ([`Db::apply`] of a [`Batch`]: statements with guards, jobs,
//! change-feed entries and ledger events in one durable commit), and the rare read-decide-write
//! ([`Db::tx`]). The same SQL text runs on both engines; every statement is declared with
//! [`sql!`], which registers it so that a test can prepare all of them on both.
//!
//! Personal data rest sealed: [`Vault`] keeps the keys in a database of its own, [`SealKey`]
//! seals under a subject's key, and [`WorkspaceKeys`] makes blind indexes.

mod batch;
mod checkpoint;
mod core;
mod data_map;
mod db;
mod dialect;
mod dump;
mod error;
pub mod feed;
pub mod jobs;
pub mod lease;
pub mod ledger;
mod migrate;
mod personal;
mod postgres;
mod retention;
mod row;
mod sql;
mod sqlite;
mod statistics;
mod tally;
mod value;
pub mod vault;
pub mod wake;

pub use crate::core::{Actor, Core, Ctx};
pub use batch::{Applied, Batch, Feed, LedgerEvent, NewJob};
pub use data_map::{ColumnKind, DataCategory, MapFile, MappedTable, data_map};
pub use db::{Db, Engine, Tx};
pub use dialect::table_columns;
pub use error::{Error, Result};
pub use migrate::{Migration, PlannedMigration};
pub use personal::{Collect, Parting, PersonalTable};
pub use retention::{AtEnd, Detach, DueBy, DueRow, Metric, RetentionRule, first_id_at, made_at};
pub use row::{FromRow, Row};
pub use sql::{Database, Registered, Sql, registered};
pub use tally::Tally;
pub use value::{FromValue, Value};
pub use vault::{Aad, Blind, SafetyEntry, SafetyKind, SealKey, SubjectKeys, Vault, WorkspaceKeys};

#[doc(hidden)]
pub use futures_util::future::BoxFuture;
#[doc(hidden)]
pub use inventory;

migration!("store", 1, "store", include_str!("../migrations/0001_store.sql"));
migration!("store", 2, "job_again", include_str!("../migrations/0002_job_again.sql"));
data_map!("store", include_str!("../migrations/columns.txt"));

sql! {
    DUE_JOBS = "SELECT NULL, run_at, id FROM job WHERE workspace = $1 AND attempts >= 12 AND run_at < $2 ORDER BY run_at LIMIT $3";
    END_JOB = "DELETE FROM job WHERE workspace = $1 AND id = $2";
}

// Jobs that were set aside: people look at them, for a while.
retention!(RetentionRule {
    table: "job",
    class: "ops.requests",
    covers: &[],
    event: "the last attempt",
    due_by: DueBy::Instant,
    find: DUE_JOBS,
    end: &[END_JOB],
    before: None,
    after: None,
});
